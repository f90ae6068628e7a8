// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables that a shell did not replace
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError, loadOriginals } from './index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'impossible-'))
  await mkdir(join(folder, 'mail'))
  await writeFile(join(folder, 'pair.pem'), '')
  await writeFile(join(folder, 'person.json'), '{"type":"object","properties":{"traits":{"type":"object"}}}')
})
afterAll(() => rm(folder, { recursive: true }))

const start = `identity: { default_schema_id: person, schemas: [{ id: person, url: "file://./person.json" }] }
`
const app = 'default_browser_return_url: https://app.example.org/'

async function problemsOf(text: string, env: Record<string, string> = {}) {
  const kratos = join(folder, 'kratos.yml')
  const more = text.includes('selfservice:') ? text : `selfservice: { ${app} }\n${text}`
  await writeFile(kratos, start + more.replaceAll('FOLDER', folder))
  const error = await loadOriginals({ kratos }, env).catch((error: unknown) => error)
  if (!(error instanceof ConfigError)) return []
  return error.problems
}

const selfservice = (text: string) => `selfservice: { ${app}, ${text} }`
const smtp = (text: string) => `courier: { smtp: { ${text} } }`
const mailServer = (uri: string) => smtp(`connection_uri: ${JSON.stringify(uri)}`)
const webHook = (text: string) =>
  selfservice(`flows: { login: { after: { password: { hooks: [{ hook: web_hook, config: { ${text} } }] } } } }`)
const request = (text: string) => `courier: { delivery_strategy: http, http: { request_config: { ${text} } } }`
const sms = (text: string) => `courier: { channels: [{ id: sms, request_config: { ${text} } }] }`
const hookKey = 'selfservice.flows.login.after.password.hooks.0.config'

describe('an address that no request can be sent to is refused', () => {
  it.each([
    [mailServer('smtp://user:ab/cd@host:587/'), 'courier.smtp.connection_uri'],
    [mailServer('smtp://user:ab#cd@host:587/'), 'courier.smtp.connection_uri'],
    [mailServer('smtp://user:ab?cd@host:587/'), 'courier.smtp.connection_uri'],
    [mailServer('smtp://user:12/cd@host:587/'), 'courier.smtp.connection_uri'],
    [mailServer('smtp://user:a%zz@host:587/'), 'courier.smtp.connection_uri'],
    [mailServer('smtp://user:a@b@host:587/'), 'courier.smtp.connection_uri'],
    [mailServer('smtp://host:99999/'), 'courier.smtp.connection_uri'],
    [mailServer('smtp://'), 'courier.smtp.connection_uri'],
    [mailServer('smtp://${SMTP_HOST}:25/'), 'courier.smtp.connection_uri'],
    [request('url: "http://h:99999/"'), 'courier.http.request_config.url'],
    [request('url: "http://"'), 'courier.http.request_config.url'],
    [sms('url: "https://${HOST}/sms"'), 'courier.channels.0.request_config.url'],
    [webHook('url: "http://h:99999/", method: POST'), `${hookKey}.url`],
    [selfservice('allowed_return_urls: ["http://h:99999/"]'), 'selfservice.allowed_return_urls.0'],
    [selfservice('flows: { login: { ui_url: "https://${DOMAIN}/login" } }'), 'selfservice.flows.login.ui_url'],
    [selfservice('flows: { error: { ui_url: "//h:99999/error" } }'), 'selfservice.flows.error.ui_url'],
    ['serve: { public: { base_url: "https://${DOMAIN}/" } }', 'serve.public.base_url'],
    ['serve: { admin: { base_url: "http://h:99999/" } }', 'serve.admin.base_url'],
    ['serve: { admin: { base_url: "https:///admin" } }', 'serve.admin.base_url'],
    [
      'serve: { public: { cors: { enabled: true, allowed_origins: ["https://${DOMAIN}"] } } }',
      'serve.public.cors.allowed_origins.0',
    ],
    ['dsn: "postgres://user:a/b@host/kratos"', 'dsn'],
    ['dsn: "postgres://user:a@host:99999/kratos"', 'dsn'],
  ])('%s', async (text, key) => {
    const problems = await problemsOf(text)
    expect(problems.map((problem) => [problem.key, problem.line])).toEqual([[key, text.startsWith('self') ? 2 : 3]])
  })

  it('with the characters to encode, and without the password', async () => {
    const [problem] = await problemsOf(mailServer('smtp://user:ab/cd@host:587/'))
    expect(problem?.expected).toContain('/ # ? % and @ are percent-encoded')
    expect(JSON.stringify(problem)).not.toContain('ab/cd')
    const [other] = await problemsOf(webHook('url: "http://me:hidden@h:99999/", method: POST'))
    expect(other?.found).toBe('"http://…@h:99999/"')
  })

  it('where a variable sets it', async () => {
    const [problem] = await problemsOf('', { COURIER_SMTP_CONNECTION_URI: 'smtp://a/b@c' })
    expect(problem).toMatchObject({ file: 'environment', key: expect.stringContaining('COURIER_SMTP_CONNECTION_URI') })
  })
})

describe('a value that no header can have is refused', () => {
  it.each([
    [webHook('url: "https://e.org/", method: P OST'), `${hookKey}.method`],
    [webHook('url: "https://e.org/", method: ""'), `${hookKey}.method`],
    [webHook('url: "https://e.org/", method: POST, headers: { X Key: a }'), `${hookKey}.headers.X Key`],
    [webHook('url: "https://e.org/", method: POST, headers: { X-Key: "a\\r\\nb" }'), `${hookKey}.headers.X-Key`],
    [
      webHook(
        'url: "https://e.org/", method: POST, auth: { type: api_key, config: { name: a b, value: c, in: header } }',
      ),
      `${hookKey}.auth.config.name`,
    ],
    [
      webHook(
        'url: "https://e.org/", method: POST, auth: { type: api_key, config: { name: a, value: "c\\nd", in: header } }',
      ),
      `${hookKey}.auth.config.value`,
    ],
    [request('url: "https://e.org/", method: P OST'), 'courier.http.request_config.method'],
    [request('url: "https://e.org/", headers: { "a:": b }'), 'courier.http.request_config.headers.a:'],
    [smtp('headers: { X Key: a }'), 'courier.smtp.headers.X Key'],
    [smtp('from_name: "a\\nBcc: b@example.org"'), 'courier.smtp.from_name'],
    ['session: { cookie: { name: "a b;c" } }', 'session.cookie.name'],
    ['session: { cookie: { domain: "https://example.org" } }', 'session.cookie.domain'],
    ['session: { cookie: { path: "/; Secure" } }', 'session.cookie.path'],
    ['cookies: { domain: "example.org; Secure" }', 'cookies.domain'],
    ['cookies: { domain: "example.org:4433" }', 'cookies.domain'],
    ['cookies: { same_site: None, secure: "false" }', 'cookies.same_site'],
    ['session: { cookie: { same_site: None, secure: "false" } }', 'session.cookie.same_site'],
    ['serve: { public: { cors: { enabled: true, allowed_headers: ["a b"] } } }', 'serve.public.cors.allowed_headers.0'],
  ])('%s', async (text, key) => {
    const problems = await problemsOf(text)
    expect(problems.map((problem) => [problem.key, problem.line])).toEqual([[key, text.startsWith('self') ? 2 : 3]])
  })
})

describe('a setting without which nothing could be sent or signed in is refused', () => {
  it.each([
    ['session: { lifespan: 0s }', 'session.lifespan'],
    ['session: { lifespan: 0h0m }', 'session.lifespan'],
    ['courier: { template_override_path: ./nothing }', 'courier.template_override_path'],
    ['courier: { template_override_path: ./person.json }', 'courier.template_override_path'],
    [smtp('client_cert_path: FOLDER/none.pem, client_key_path: FOLDER/pair.pem'), 'courier.smtp.client_cert_path'],
    ['courier: { delivery_strategy: http }', 'courier.http.request_config.url'],
    [request('method: POST'), 'courier.http.request_config.url'],
    [sms('method: POST'), 'courier.channels.0.request_config.url'],
  ])('%s', async (text, key) => {
    const problems = await problemsOf(text)
    expect(problems.map((problem) => [problem.key, problem.line])).toEqual([[key, 3]])
  })
})

describe('what works elsewhere is accepted', () => {
  it.each([
    mailServer('smtps://user:a%2Fb%23c@mail_server:465/?skip_ssl_verify=true&server_name=a.example'),
    mailServer('smtp://[::1]:1025'),
    mailServer('smtp://apikey:SG.a-b_c+d=e@smtp.example.org:587'),
    request('url: "http://user:pw@mailhog:80/send", method: patch, headers: { X-Key: "a b: c" }'),
    webHook('url: "https://münchen.example/hook?a=b#c", method: PUT'),
    selfservice('allowed_return_urls: ["https://*.example.org/", "myapp://callback", "com.example:/back", "/here"]'),
    selfservice('flows: { login: { ui_url: "/login" }, settings: { ui_url: "http://127.0.0.1:4455/settings" } }'),
    'serve: { public: { cors: { enabled: true, allowed_origins: ["https://*.example.org", "https://pr-*.example.org"] } } }',
    'dsn: "postgres://user:p%40ss@[::1]:5432/kratos?sslmode=disable&max_conns=20"',
    'dsn: "postgres:///kratos?host=/var/run/postgresql"',
    'dsn: "sqlite:///var/lib/sqlite/db.sqlite?_fk=true"',
    'session: { lifespan: 0h30m, earliest_possible_extend: 0s, cookie: { domain: "", name: __Host-session } }',
    'cookies: { domain: .example.org, same_site: None }',
    'session: { cookie: { domain: localhost, path: /app } }',
    'courier: { template_override_path: ./mail }',
    smtp('client_cert_path: FOLDER/pair.pem, client_key_path: FOLDER/pair.pem, from_name: "Ada, of \\"us\\""'),
  ])('%s', async (text) => {
    expect(await problemsOf(text)).toEqual([])
  })

  it('None without TLS in development mode means Lax, as in Kratos', async () => {
    const kratos = join(folder, 'dev.yml')
    await writeFile(kratos, `${start}selfservice: { ${app} }\ndev: true\ncookies: { same_site: None }\n`)
    const { config } = await loadOriginals({ kratos }, {})
    expect(config.identity.cookies.same_site).toBe('Lax')
  })
})

describe('a mistake inside a list', () => {
  it.each([
    [webHook('url: 5, method: POST'), `${hookKey}.url`, '5'],
    [webHook('url: "https://e.org/", method: POST, can_interrupt: perhaps'), `${hookKey}.can_interrupt`, '"perhaps"'],
    [
      selfservice('flows: { login: { after: { password: { hooks: [{ hook: sesion }] } } } }'),
      `${hookKey.replace('config', 'hook')}`,
      '"sesion"',
    ],
    [
      selfservice('methods: { oidc: { config: { providers: [{ id: a, provider: gogle }] } } }'),
      'selfservice.methods.oidc.config.providers.0.provider',
      '"gogle"',
    ],
    [
      'courier: { channels: [{ id: fax, request_config: { url: "https://e.org/" } }] }',
      'courier.channels.0.id',
      '"fax"',
    ],
  ])('%s is reported with its own value', async (text, key, found) => {
    const problems = await problemsOf(text)
    expect(problems).toContainEqual(expect.objectContaining({ key, found }))
    expect(problems.map((problem) => problem.found)).not.toContain('a list')
  })

  it('does not show secrets, and shows other values below keys that sound like them', async () => {
    const provider = 'id: a, provider: google, client_id: b, client_secret: 12345, mapper_url: "file://./a"'
    expect(await problemsOf(selfservice(`methods: { oidc: { config: { providers: [{ ${provider} }] } } }`))).toEqual([
      expect.objectContaining({ key: expect.stringContaining('client_secret'), found: 'a value that is not shown' }),
    ])
    expect(await problemsOf('secrets: { cookie: [short-secret] }')).toEqual([
      expect.objectContaining({ key: 'secrets.cookie.0', found: 'a value that is not shown' }),
    ])
    expect(await problemsOf(selfservice('methods: { lookup_secret: { enabled: perhaps } }'))).toEqual([
      expect.objectContaining({ found: '"perhaps"' }),
    ])
    expect(await problemsOf(selfservice('methods: { password: { config: { min_password_length: 1 } } }'))).toEqual([
      expect.objectContaining({ found: '1' }),
    ])
  })
})
