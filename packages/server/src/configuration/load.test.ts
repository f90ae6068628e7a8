import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError, defaultProject, loadFile, loadOriginals, loadProjectFile, type Problem } from './index.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-'))
  await write('person.json', JSON.stringify(person))
})
afterEach(() => rm(folder, { recursive: true }))

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

const person = { type: 'object', properties: { traits: { type: 'object', properties: { name: { type: 'string' } } } } }

const smallest = `selfservice:
  default_browser_return_url: https://app.example.org/
identity:
  default_schema_id: person
  schemas:
    - { id: person, url: "file://./person.json" }
`

async function problemsOf(text: string, env: Record<string, string> = {}): Promise<Problem[]> {
  const path = await write('kratos.yml', text)
  const error = await loadOriginals({ kratos: path }, env).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(ConfigError)
  return (error as ConfigError).problems as Problem[]
}

const load = async (text: string, env: Record<string, string> = {}) =>
  (await loadOriginals({ kratos: await write('kratos.yml', text) }, env)).config.identity

describe('a Kratos file', () => {
  it('gets defaults, in milliseconds and bytes', async () => {
    const config = await load(smallest)
    expect(config.session).toMatchObject({ lifespan: 86_400_000, earliest_possible_extend: 86_400_000 })
    expect(config.session.cookie).toEqual({ name: 'ory_kratos_session', persistent: true })
    expect(config.selfservice.flows.login).toMatchObject({ lifespan: 3_600_000, style: 'unified' })
    expect(config.selfservice.flows.registration).toMatchObject({ enabled: true, style: 'profile_first' })
    expect(config.selfservice.flows.recovery.enabled).toBe(false)
    expect(config.selfservice.methods.link.enabled).toBe(false)
    expect(config.selfservice.methods.code).toMatchObject({ enabled: true, passwordless_enabled: false })
    expect(config.hashers.argon2.memory).toBe(128 << 20)
    expect(config.courier.worker).toEqual({ pull_count: 10, pull_wait: 1000 })
    expect(config.serve.public).toMatchObject({ base_url: 'http://localhost:4433/' })
  })

  it('may have sections with nothing below', async () => {
    const config = await load(`${smallest}feature_flags:\nsession:\n  cookie:\ncourier: { smtp: { headers: } }\n`)
    expect(config).toEqual(await load(smallest))
  })

  it('keeps what it says', async () => {
    const config = await load(`${smallest}session: { lifespan: 1h30m, cookie: { secure: "false" } }
hashers: { argon2: { memory: 64MB } }
courier: { worker: { pull_wait: 200ms } }
`)
    expect(config.session).toMatchObject({ lifespan: 5_400_000, cookie: { secure: false } })
    expect(config.hashers.argon2.memory).toBe(64 << 20)
    expect(config.courier.worker.pull_wait).toBe(200)
  })

  it('reads identity schemas beside it and shows them under their id', async () => {
    const { config, files } = await loadOriginals({ kratos: await write('kratos.yml', smallest) }, {})
    expect(config.identitySchemas).toEqual([
      {
        id: 'person',
        url: 'http://localhost:4433/schemas/cGVyc29u',
        rawUrl: 'file://./person.json',
        document: person,
        selfserviceSelectable: false,
      },
    ])
    expect(files).toEqual([join(folder, 'kratos.yml'), join(folder, 'person.json')])
  })

  it('reads identity schemas from base64 and over HTTP', async () => {
    const inline = Buffer.from(JSON.stringify(person)).toString('base64')
    const text = `${smallest}    - { id: inline, url: "base64://${inline}" }
    - { id: remote, url: "https://schemas.example.org/p.json" }
`
    const asked: string[] = []
    const fetch = async (url: string) => {
      asked.push(url)
      return { status: 200, headers: new Headers(), text: JSON.stringify(person) }
    }
    const { config } = await loadOriginals({ kratos: await write('kratos.yml', text) }, {}, { fetch })
    expect(config.identitySchemas.map(({ id, document }) => [id, document])).toEqual([
      ['person', person],
      ['inline', person],
      ['remote', person],
    ])
    expect(asked).toEqual(['https://schemas.example.org/p.json'])
  })

  it('may be JSON, with tabs', async () => {
    const value = {
      selfservice: { default_browser_return_url: '/' },
      identity: { default_schema_id: 'p', schemas: [{ id: 'p', url: 'file://person.json' }] },
    }
    const path = await write('kratos.json', JSON.stringify(value, null, '\t'))
    expect((await loadFile(path, {})).config.identity.selfservice.default_browser_return_url).toBe('/')
  })
})

describe('a mistake', () => {
  it.each([
    ['a duration', 'session: { lifespan: soon }', 'session.lifespan', 7, 12],
    ['an unknown key', 'sesion: { lifespan: 1h }', 'sesion', 7, 1],
    ['a wrong type', 'dev: perhaps', 'dev', 7, 1],
    ['a value out of bounds', 'serve: { public: { port: 99999 } }', 'serve.public.port', 7, 20],
    ['a choice', 'log: { level: loud }', 'log.level', 7, 8],
    ['a hook', 'selfservice.x: 1', 'selfservice.x', 7, 1],
    ['a cipher without its secret', 'ciphers: { algorithm: aes }\nsecrets: {}', 'secrets.cipher', 8, 1],
  ])('in %s is told with line and column', async (_, line, key, row, column) => {
    expect(await problemsOf(`${smallest}${line}\n`)).toContainEqual(expect.objectContaining({ key, line: row, column }))
  })

  it('in a hook names the hooks that may stand there', async () => {
    const flows = '  flows: { login: { after: { hooks: [{ hook: session }] } } }\n'
    const [problem] = await problemsOf(smallest.replace('identity:', `${flows}identity:`))
    expect(problem).toMatchObject({ key: 'selfservice.flows.login.after.hooks.0.hook', line: 3 })
    expect(problem?.expected).toContain('require_verified_address')
  })

  it('in the notation is told with its line', async () => {
    expect(await problemsOf(`${smallest}session: { lifespan\n`)).toContainEqual(expect.objectContaining({ line: 8 }))
  })

  it('suggests the key that was nearly written', async () => {
    const [problem] = await problemsOf(`${smallest}session: { lifespann: 1h }\n`)
    expect(problem?.expected).toContain('lifespan')
  })

  it('never shows a secret', async () => {
    const [problem] = await problemsOf(`${smallest}secrets: { cookie: [tooshort] }\n`)
    expect(JSON.stringify(problem)).not.toContain('tooshort')
  })

  it('in a schema file is told at its address', async () => {
    await write('person.json', '{ "type": "object" }')
    expect(await problemsOf(smallest)).toMatchObject([{ key: 'identity.schemas.0.url', line: 6 }])
  })

  it('in the default schema is told at its key', async () => {
    const text = smallest.replace('default_schema_id: person', 'default_schema_id: other')
    expect(await problemsOf(text)).toMatchObject([{ key: 'identity.default_schema_id', line: 4 }])
  })

  it('in a file that is not there is told', async () => {
    await expect(loadOriginals({ kratos: join(folder, 'none.yml') }, {})).rejects.toThrow('no such file')
  })

  it('in both sign-in by code and code as second factor is told', async () => {
    const methods = '  methods: { code: { passwordless_enabled: true, mfa_enabled: true } }\n'
    const problems = await problemsOf(smallest.replace('identity:', `${methods}identity:`))
    expect(problems).toMatchObject([{ key: 'selfservice.methods.code', line: 3 }])
  })
})

describe('environment variables', () => {
  it('override keys by their path', async () => {
    const kratos = await write('kratos.yml', smallest)
    const env = {
      DSN: 'memory',
      SELFSERVICE_METHODS_PASSWORD_ENABLED: 'false',
      SERVE_PUBLIC_PORT: '5000',
      SESSION_LIFESPAN: '5m',
      SELFSERVICE_ALLOWED_RETURN_URLS: 'https://a.example,https://b.example',
      CLIENTS_HTTP_PRIVATE_IP_EXCEPTION_URLS: '["http://10.0.0.1/"]',
      EXPOSE_METRICS_PORT: '4435',
    }
    const { dsn, config, installation, notices } = await loadOriginals({ kratos }, env)
    const { selfservice, serve, session } = config.identity
    expect(dsn).toBe('memory')
    expect(selfservice.methods.password.enabled).toBe(false)
    expect(serve.public.base_url).toBe('http://localhost:5000/')
    expect(installation.kratos.serve.public.port).toBe(5000)
    expect(session.lifespan).toBe(300_000)
    expect(selfservice.allowed_return_urls).toEqual(['https://a.example', 'https://b.example'])
    expect(installation.outgoing.private_ip_exception_urls).toEqual(['http://10.0.0.1/'])
    expect(notices).toMatchObject([{ file: 'environment', key: 'EXPOSE_METRICS_PORT (expose-metrics-port)' }])
  })

  it('reach into lists by index', async () => {
    const text = smallest.replace('"file://./person.json"', '"file://./gone.json"')
    const path = await write('kratos.yml', text)
    const { config } = await loadOriginals({ kratos: path }, { IDENTITY_SCHEMAS_0_URL: 'file://./person.json' })
    expect(config.identitySchemas[0]?.document).toEqual(person)
  })

  it('are named when they are wrong', async () => {
    const problems = await problemsOf(smallest, { SESSION_LIFESPAN: 'soon', DEV: 'perhaps' })
    expect(problems.map(({ file, key }) => [file, key])).toEqual([
      ['environment', 'DEV (dev)'],
      ['environment', 'SESSION_LIFESPAN (session.lifespan)'],
    ])
  })

  it('of other programs change nothing', async () => {
    expect(
      await load(smallest, { PATH: '/bin', SESSION: '', HOME_SESSION: 'x', IDENTITY_SCHEMAS_9999_ID: 'x' }).catch(
        (error) => error.message,
      ),
    ).toMatch(/SESSION/)
    expect(await load(smallest, { PATH: '/bin', HOME_SESSION: 'x', IDENTITY_SCHEMAS_9999_ID: 'x' })).toEqual(
      await load(smallest),
    )
  })
})

describe('a project file', () => {
  const indented = smallest.replace(/^(?=.)/gm, '      ')
  const project = `name: Shop
slug: shop
cors_public: { enabled: true, origins: ["https://*.example.org"] }
services:
  identity:
    config:
${indented}`

  it('holds the Kratos configuration in its place', async () => {
    const loaded = await loadProjectFile(await write('project.yml', project), { SESSION_LIFESPAN: '5m' })
    expect(loaded).toMatchObject({ mode: 'project', project: { slug: 'shop', name: 'Shop' } })
    expect(loaded.config.corsPublic).toEqual({ enabled: true, origins: ['https://*.example.org'] })
    expect(loaded.config.identity.session.lifespan).toBe(300_000)
  })

  it('is told from a Kratos file', async () => {
    expect((await loadFile(await write('project.yml', project), {})).mode).toBe('project')
    expect((await loadFile(await write('kratos.yml', smallest), {})).mode).toBe('drop-in')
  })

  it('tells mistakes with the whole path', async () => {
    const path = await write('project.yml', `${project}      session: { lifespan: soon }\n`)
    const error = await loadProjectFile(path, {}).catch((error: unknown) => error)
    expect((error as ConfigError).problems).toMatchObject([
      { key: 'services.identity.config.session.lifespan', line: 13 },
    ])
  })
})

describe('the built-in project', () => {
  it('signs people up by e-mail address and keeps mail in the mailbox', async () => {
    const { mode, config, installation, files } = await defaultProject({ port: 4000, mode: 'dev' })
    expect(mode).toBe('dev')
    expect(files).toEqual([])
    expect(config.identity.serve.public).toMatchObject({ base_url: 'http://localhost:4000/' })
    expect(installation.kratos.serve.public.port).toBe(4000)
    expect(config.identity.courier.delivery_strategy).toBe('mailbox')
    expect(config.identity.selfservice.flows.login.ui_url).toBe('http://localhost:4000/ui/login')
    expect(config.identitySchemas.map(({ id }) => id)).toEqual(['person'])
  })
})
