// Packs every package, installs the tarballs in an empty folder and starts the installed server, like a user.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'latchkey-packed-'))
const home = join(folder, 'home')
mkdirSync(home)
// Not the examples, which are workspaces too.
const published = readdirSync(join(root, 'packages')).filter((name) => existsSync(join(root, 'packages', name, 'package.json')))
const named = published.map((name) => `--workspace=packages/${name}`)
run('npm', ['pack', ...named, '--silent', '--pack-destination', folder], root)
const tarballs = readdirSync(folder).filter((file) => file.endsWith('.tgz'))
writeFileSync(join(home, 'package.json'), '{"private":true}')
run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs.map((file) => join(folder, file))], home)
const command = join(home, 'node_modules', '.bin', 'latchkey')
console.log(run(command, ['version'], home).trim())
validateWithJsonnet()
await start()
rmSync(folder, { recursive: true, force: true })
console.log(`${tarballs.length} packages packed, installed and started`)

/** Parses Jsonnet, which needs the WebAssembly module in the installed package. */
function validateWithJsonnet() {
  const base64 = (text) => `base64://${Buffer.from(text).toString('base64')}`
  const key = { kty: 'oct', alg: 'HS256', k: Buffer.alloc(32, 1).toString('base64url') }
  const shop = { jwks_url: base64(JSON.stringify({ keys: [key] })), claims_mapper_url: base64('{ claims: {} }') }
  const config = {
    selfservice: { default_browser_return_url: '/' },
    identity: { default_schema_id: 'p', schemas: [{ id: 'p', url: base64('{"properties":{"traits":{"type":"object"}}}') }] },
    session: { whoami: { tokenizer: { templates: { shop } } } },
  }
  const file = join(home, 'kratos.yml')
  writeFileSync(file, JSON.stringify(config))
  console.log(run(command, ['config', 'validate', file], home).trim())
}

async function start() {
  const port = await freePort()
  const args = ['serve', '--dev', '--port', String(port), '--dsn', 'memory']
  const server = spawn(command, args, { cwd: home, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => (output += chunk))
  const ended = new Promise((resolve) => server.once('exit', resolve))
  try {
    await ready(`http://127.0.0.1:${port}/health/ready`)
  } catch (error) {
    server.kill('SIGKILL')
    throw new Error(`the installed server did not start\n${output}`, { cause: error })
  }
  server.kill('SIGTERM')
  await ended
}

async function ready(url) {
  for (const until = Date.now() + 20_000; Date.now() < until; ) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('it was not ready within 20 s')
}

function run(file, args, cwd) {
  return execFileSync(file, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
