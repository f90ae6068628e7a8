import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultProject, loadOriginals, loadProjectFile, loadStoredProject } from './index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oauth2-project-'))
})
afterAll(() => rm(folder, { recursive: true }))

const schema = `base64://${Buffer.from('{"type":"object","properties":{"traits":{"type":"object"}}}').toString('base64')}`
const identity = (baseUrl: string) => ({
  serve: { public: { base_url: baseUrl } },
  selfservice: { default_browser_return_url: 'https://app.example.org/' },
  identity: { default_schema_id: 'p', schemas: [{ id: 'p', url: schema }] },
})
const project = (baseUrl: string, oauth2?: object) => ({
  services: { identity: { config: identity(baseUrl) }, ...(oauth2 && { oauth2: { config: oauth2 } }) },
})

async function load(document: object, env: Record<string, string> = {}) {
  const file = join(folder, 'project.json')
  await writeFile(file, JSON.stringify(document))
  return loadProjectFile(file, env)
}

describe('the OAuth2 part of a project', () => {
  it('has the base URL of the project as its issuer, unless told otherwise', async () => {
    const { config, notices } = await load(project('https://id.example.org/auth/'))
    const at = 'https://id.example.org/auth'
    expect(config.oauth2.urls).toMatchObject({
      self: { issuer: at, public: at, admin: `${at}/` },
      login: `${at}/self-service/login/browser`,
      registration: `${at}/self-service/registration/browser`,
      consent: `${at}/ui/consent`,
      logout: `${at}/ui/logout`,
      error: `${at}/ui/error`,
      device: { verification: `${at}/ui/device` },
    })
    expect(config.oauth2.isJoined).toBe(true)
    expect(config.oauth2.dev).toBe(false)
    expect(notices).toEqual([])
  })

  it('may set each key, whose mistakes are reported where they stand', async () => {
    const own = { urls: { login: 'https://login.example.org/' }, ttl: { access_token: '5m' } }
    const { oauth2 } = (await load(project('https://id.example.org/', own))).config
    expect(oauth2.urls).toMatchObject({
      login: 'https://login.example.org/',
      registration: 'https://login.example.org/',
      consent: 'https://id.example.org/ui/consent',
    })
    expect(oauth2.ttl.access_token).toBe(300_000)
    await expect(load(project('https://id.example.org/', { ttl: { access_token: 'soon' } }))).rejects.toThrow(
      /services\.oauth2\.config\.ttl\.access_token/,
    )
  })

  it('may not name an issuer without HTTPS, other than in development mode', async () => {
    const own = { urls: { self: { issuer: 'http://other.example.org' } } }
    await expect(load(project('https://id.example.org/', own))).rejects.toThrow(/urls\.self\.issuer/)
    await load(project('https://id.example.org/', { ...own, dev: true }))
  })

  it('is overridden by environment variables', async () => {
    const { oauth2 } = (await load(project('https://id.example.org/'), { TTL_ID_TOKEN: '3m' })).config
    expect(oauth2.ttl.id_token).toBe(180_000)
  })

  it('opens no listener, so that a certificate for that of the project is none of its own', async () => {
    const cert = Buffer.from('no certificate').toString('base64')
    const failed = load(project('https://id.example.org/'), { SERVE_PUBLIC_TLS_CERT_BASE64: cert })
    await expect(failed).rejects.toThrow(/services\.identity\.config\.serve\.public\.tls\.key/)
    await expect(failed).rejects.not.toThrow(/services\.oauth2/)
  })

  it('is in development mode on this machine only, where cookies need no TLS', async () => {
    expect((await defaultProject({ port: 4000, mode: 'dev' })).config.oauth2).toMatchObject({
      dev: true,
      urls: { self: { issuer: 'http://localhost:4000' } },
    })
    expect((await load(project('http://id.example.org/'))).config.oauth2.dev).toBe(false)
  })

  it('has an issuer of its own in each stored project', async () => {
    const { services } = project('')
    const { serve: _, ...config } = services.identity.config
    const stored = await loadStoredProject(
      { slug: 'blue', name: 'Blue' },
      { value: { services: { identity: { config } } }, mainBaseUrl: 'https://id.example.org/' },
    )
    expect(stored.oauth2.urls.self.issuer).toBe('https://blue.projects.id.example.org')
  })

  it('cannot name files in a stored project', async () => {
    const tls = { enabled: true, cert: { path: '/etc/crt.pem' }, key: { path: '/etc/key.pem' } }
    const value = project('https://id.example.org/', { serve: { public: { tls } } })
    await expect(
      loadStoredProject({ slug: 'blue', name: 'Blue' }, { value, mainBaseUrl: 'https://id.example.org/' }),
    ).rejects.toThrow(/services\.oauth2\.config\.serve\.public\.tls/)
  })
})

describe('several Hydra files', () => {
  it('are merged, and mistakes are reported in the file that counts', async () => {
    const write = async (name: string, text: string) => {
      await writeFile(join(folder, name), text)
      return join(folder, name)
    }
    const base = await write('base.yml', 'dev: true\nttl: { access_token: 5m, id_token: 5m }\n')
    const more = await write('more.yml', 'ttl: { access_token: 7m }\n')
    const { config, files } = await loadOriginals({ hydra: [base, more] }, {})
    expect(config.oauth2.ttl).toMatchObject({ access_token: 420_000, id_token: 300_000 })
    expect(files).toEqual([base, more])
    const wrong = await write('wrong.yml', '\nttl: { access_token: later }\n')
    await expect(loadOriginals({ hydra: [base, wrong] }, {})).rejects.toThrow(`${wrong}:2`)
  })
})

describe('an impossible value of a Hydra file', () => {
  it.each([
    ['urls: { self: { issuer: "https://" } }', 'urls.self.issuer'],
    ['urls: { login: "https://h:99999/" }', 'urls.login'],
    ['serve: { cookies: { domain: "https://example.org" } }', 'serve.cookies.domain'],
    ['serve: { cookies: { names: { session: "a b" } } }', 'serve.cookies.names.session'],
    ['serve: { cookies: { paths: { session: "/; Secure" } } }', 'serve.cookies.paths.session'],
    [
      'serve: { public: { cors: { allowed_origins: ["https://*.*.example.org"] } } }',
      'serve.public.cors.allowed_origins.0',
    ],
    ['serve: { public: { cors: { allowed_headers: ["X\\n"] } } }', 'serve.public.cors.allowed_headers.0'],
    ['serve: { public: { port: 0 } }', 'serve.public.port'],
    ['ttl: { access_token: -1 }', 'ttl.access_token'],
    ['ttl: { refresh_token: -2 }', 'ttl.refresh_token'],
    ['ttl: { refresh_tokens: 1h }', 'ttl.refresh_tokens'],
  ])('%s is refused at its key', async (text, key) => {
    const file = join(folder, 'impossible.yml')
    await writeFile(file, `dev: true\n${text}\n`)
    const error = await loadOriginals({ hydra: file }, {}).catch((refused: unknown) => refused)
    expect((error as { problems: { key: string }[] }).problems.map((one) => one.key)).toEqual([key])
  })
})
