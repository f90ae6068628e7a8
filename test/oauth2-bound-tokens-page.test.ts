import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadOriginals } from '../packages/server/src/configuration/index.ts'
import { openTestApp } from '../packages/server/test/app.ts'
import { introspect, urlOf, useDpop } from '../packages/server/test/dpop.ts'
import { routes } from '../packages/server/test/oauth2-flows.ts'
import { root } from './stage/latchkey.ts'

const run = promisify(execFile)
const page = await readFile(join(root, 'docs/oauth2-bound-tokens.md'), 'utf8')
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text = '']) => text)
const commands = [...page.matchAll(/^ {4}curl -s -X POST "\$[PA]([^"]+)"(.*)$/gm)].map(([, path = '', rest = '']) => ({
  path,
  text: / -d (['"])(.*)\1$/.exec(rest)?.[2] ?? '',
  isJson: rest.includes('application/json'),
  basic: / -u "([^"]+)"/.exec(rest)?.[1],
}))

it('docs/oauth2-bound-tokens.md: its configurations are accepted', async () => {
  const folder = await mkdtemp(join(root, 'node_modules/.page-'))
  const hydra = join(folder, 'hydra.yml')
  const start = 'dev: true\nurls: { self: { issuer: "http://127.0.0.1:4444" } }\n'
  try {
    const configurations = blocks('yaml')
    expect(configurations.length).toBeGreaterThan(1)
    for (const text of configurations) {
      await writeFile(hydra, start + text)
      const { config, notices } = await loadOriginals({ hydra }, {})
      expect(notices).toEqual([])
      const { dpop } = parse(text).oauth2 ?? {}
      if (dpop) expect(config.oauth2.oauth2.dpop).toMatchObject({ enabled: true, nonce_lifespan: 300_000 })
      if (text.includes('mtls')) expect(config.oauth2.oauth2.mtls.enabled).toBe(true)
    }
  } finally {
    await rm(folder, { recursive: true })
  }
})

it('docs/oauth2-bound-tokens.md: its commands and its script lead to a bound token', async () => {
  const app = await openTestApp('memory', routes)
  app.clock.advance(Date.now() - app.clock.now())
  const project = await app.project()
  useDpop(project)
  const folder = await mkdtemp(join(root, 'node_modules/.page-'))
  const script = join(folder, 'proof.mjs')
  await writeFile(script, blocks('js')[0] ?? '')
  const { stdout } = await run(process.execPath, [script, 'POST', urlOf(project, '/oauth2/token')])
  await rm(folder, { recursive: true })
  const [proof = '', thumbprint] = stdout.trim().split('\n')
  const [create, token, ...others] = commands
  expect(others).toEqual([])
  const send = ({ path, text, isJson, basic }: (typeof commands)[number], headers: Record<string, string> = {}) =>
    project.call('POST', path, {
      text,
      ...(basic && { token: null }),
      headers: {
        'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
        ...(basic && { authorization: `Basic ${Buffer.from(basic).toString('base64')}` }),
        ...headers,
      },
    })
  if (!create || !token) throw new Error('a command is missing')
  expect((await send(create)).status).toBe(201)
  expect((await send(token)).body.error).toBe('invalid_dpop_proof')
  const { body } = await send(token, { dpop: proof })
  expect(body.token_type).toBe('DPoP')
  expect((await introspect(project, body.access_token)).cnf).toEqual({ jkt: thumbprint })
  await app.close()
})
