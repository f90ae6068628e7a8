import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Latchkey, root, startProject } from './latchkey.ts'
import { freePort } from './port.ts'

/** An example application and its Latchkey, both on free ports. */
export interface Example {
  /** The origin of the application. */
  origin: string
  latchkey: Latchkey
  stop(): Promise<void>
}

/**
 * Builds an example that uses Vite, and serves it in front of Latchkey with the configuration of the example. The ports
 * 5173 (application) and 4433 (Latchkey) in its files are replaced. `change` changes its configuration.
 */
export async function startExample(
  name: string,
  change: (config: string) => string = (same) => same,
): Promise<Example> {
  const folder = join(root, 'examples', name)
  const ports = { app: await freePort(), latchkey: await freePort() }
  const place = await mkdtemp(join(tmpdir(), 'latchkey-example-'))
  await cp(join(folder, 'person.schema.json'), join(place, 'person.schema.json'))
  const config = change(await readFile(join(folder, 'latchkey.yml'), 'utf8'))
    .replaceAll(':5173', `:${ports.app}`)
    .replaceAll('port: 4433', `port: ${ports.latchkey}`)
  await writeFile(join(place, 'latchkey.yml'), config)
  const env = { LATCHKEY_URL: `http://127.0.0.1:${ports.latchkey}` }
  const out = join(place, 'dist')
  const [latchkey] = await Promise.all([
    startProject(join(place, 'latchkey.yml'), ports.latchkey),
    runVite(folder, ['build', '--outDir', out, '--emptyOutDir'], env),
  ])
  const served = ['preview', '--outDir', out, '--host', 'localhost', '--port', String(ports.app), '--strictPort']
  const preview = launchVite(folder, served, env)
  const origin = `http://localhost:${ports.app}`
  await answers(origin)
  const stop = async () => {
    preview.kill('SIGTERM')
    await latchkey.stop()
    await rm(place, { recursive: true })
  }
  return { origin, latchkey, stop }
}

function launchVite(folder: string, args: string[], env: Record<string, string>) {
  const vite = join(dirname(createRequire(join(folder, 'package.json')).resolve('vite/package.json')), 'bin', 'vite.js')
  const child = spawn(process.execPath, [vite, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  process.once('exit', () => child.kill('SIGKILL'))
  return child
}

async function runVite(folder: string, args: string[], env: Record<string, string>): Promise<void> {
  const [code] = await once(launchVite(folder, [...args, '--logLevel', 'error'], env), 'exit')
  if (code !== 0) throw new Error(`vite ${args[0]} ended with ${code}`)
}

async function answers(url: string): Promise<void> {
  for (const until = Date.now() + 30_000; Date.now() < until; ) {
    if (
      await fetch(url).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${url} was not served within 30 s`)
}
