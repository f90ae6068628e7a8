import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConfigError, type LoadOptions, loadOriginals, loadProjectFile, printNotice } from './index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsupported-'))
  await writeFile(join(folder, 'person.json'), '{"type":"object","properties":{"traits":{"type":"object"}}}')
})
afterAll(() => rm(folder, { recursive: true }))

async function load(more: string, env: Record<string, string> = {}, options: LoadOptions = {}) {
  const kratos = join(folder, 'kratos.yml')
  await writeFile(
    kratos,
    `identity: { default_schema_id: person, schemas: [{ id: person, url: "file://./person.json" }] }
${more.includes('selfservice:') ? '' : 'selfservice: { default_browser_return_url: https://app.example.org/ }\n'}${more}`,
  )
  return loadOriginals({ kratos }, env, options)
}

const noticesOf = async (...given: Parameters<typeof load>) =>
  (await load(...given)).notices.map(({ line, key, text }) => `${line} ${key}: ${text}`)

async function refusalsOf(...given: Parameters<typeof load>): Promise<string[]> {
  const error: ConfigError = await load(...given).then(
    () => {
      throw new Error('the configuration was taken')
    },
    (refused) => refused,
  )
  return error.problems.map(({ line, key, expected, found }) => `${line} ${key}: expected ${expected}, found ${found}`)
}

const flows = (text: string) => `selfservice:
  default_browser_return_url: https://app.example.org/
  flows: ${text}
`
const methods = (text: string) => `selfservice:
  default_browser_return_url: https://app.example.org/
  methods: ${text}
`

const organization = '{ b2b: { config: { organizations: [{ label: a, session_lifespan: 1h }] } } }'

describe('what is not supported yet', () => {
  it('is reported with its line and key, and the reason', async () => {
    expect(await noticesOf('dsn: memory\nfeature_flags: { refresh_login_choose_address: true }\n')).toEqual([
      expect.stringMatching(/^4 feature_flags\.refresh_login_choose_address: not supported yet: .*identifier/),
    ])
  })

  it('is reported with the variable that sets it', async () => {
    const { notices } = await load('', { FEATURE_FLAGS_REFRESH_LOGIN_CHOOSE_ADDRESS: 'true' })
    expect(notices.map(printNotice)).toEqual([
      expect.stringMatching(
        /^environment {2}FEATURE_FLAGS_REFRESH_LOGIN_CHOOSE_ADDRESS \(feature_flags\..*\): not supported/,
      ),
    ])
  })

  it('is reported for keys of later versions', async () => {
    const text = `feature_flags: { refresh_login_choose_address: true, legacy_allow_insecure_origins: true }
security: { disallow_ref_in_identity_schemas: true }
`
    expect(await noticesOf(text)).toEqual([
      expect.stringMatching(/^3 feature_flags\.refresh_login_choose_address: not supported yet/),
    ])
  })

  it('is not reported where the configuration asks for what happens anyway', async () => {
    const text = `feature_flags: { use_continue_with_transitions: false, refresh_login_choose_address: false }
expose-metrics-port: 0
organizations: []
tracing: { provider: otel }
`
    expect(await noticesOf(text)).toEqual([])
  })

  it('is not reported where it does no harm', async () => {
    expect(await noticesOf('sqa-opt-out: true\nserve: { public: { cors: { debug: true } } }\n')).toEqual([])
  })

  it('in a project file is reported at its place there', async () => {
    const file = join(folder, 'project.yml')
    await writeFile(
      file,
      `cors_admin: { enabled: true }
services:
  identity:
    config:
      feature_flags: { refresh_login_choose_address: true }
      selfservice: { default_browser_return_url: https://app.example.org/ }
      identity: { default_schema_id: p, schemas: [{ id: p, url: "file://./person.json" }] }
`,
    )
    const { notices } = await loadProjectFile(file, {})
    expect(notices).toMatchObject([
      { line: 1, key: 'cors_admin' },
      { line: 5, key: 'services.identity.config.feature_flags.refresh_login_choose_address' },
    ])
  })
})

describe('what would protect less or send something else', () => {
  it.each([
    [
      'a hook that is not there',
      flows('{ login: { after: { hooks: [{ hook: b2b_sso, config: {} }] } } }'),
      'not there',
    ],
    ['the lifespan of sessions of an organization', methods(organization), 'organization'],
  ])('is refused at its line: %s', async (_, text, reason) => {
    const [problem, ...more] = await refusalsOf(text)
    expect(more).toEqual([])
    expect(problem).toMatch(/^4 selfservice\..*expected no value, as it is not supported yet: /)
    expect(problem).toContain(reason)
  })

  it('is refused at its line: organizations, and reported in a project file', async () => {
    const problem = /^3 organizations: expected no value, as it is not supported yet: .*organization/
    expect(await refusalsOf('organizations: [{ id: a, domains: [harbour.example] }]\n')).toEqual([
      expect.stringMatching(problem),
    ])
    const file = join(folder, 'organizations.yml')
    await writeFile(
      file,
      `organizations: [{ label: Harbour, domains: [harbour.example] }]
services:
  identity:
    config:
      selfservice: { default_browser_return_url: https://app.example.org/ }
      identity: { default_schema_id: p, schemas: [{ id: p, url: "file://./person.json" }] }
`,
    )
    const { notices } = await loadProjectFile(file, {})
    expect(notices).toMatchObject([{ line: 1, key: 'organizations', text: expect.stringContaining('organization') }])
  })

  it('is reported at its line: a provider of an organization, which is offered to nobody', async () => {
    const provider =
      'id: acme, provider: generic, client_id: a, client_secret: b, issuer_url: "https://acme.example", mapper_url: "base64://e30=", organization_id: 5d0f1a9e-64a3-4a1c-9a7c-2f1f6c1c0f11'
    const text = methods(`{ oidc: { enabled: true, config: { providers: [{ ${provider} }] } } }`)
    expect(await noticesOf(text)).toEqual([
      expect.stringMatching(/^4 selfservice\.methods\.oidc\.config\.providers\.0\.organization_id: .*not offered/),
    ])
  })

  it('is refused in the body of a web hook: what is not Jsonnet', async () => {
    const hook = 'hook: web_hook, config: { url: "https://a.example", method: POST, body: "base64://ew==" }'
    expect(await refusalsOf(flows(`{ login: { before: { hooks: [{ ${hook} }] } } }`))).toEqual([
      expect.stringMatching(/^4 selfservice\.flows\.login\.before\.hooks\.0\.config\.body: .*Jsonnet/),
    ])
  })

  it('is refused in the body of a message over HTTP: what is not Jsonnet', async () => {
    const courier =
      'courier: { delivery_strategy: http, http: { request_config: { url: "https://a.example", body: "base64://ew==" } } }'
    expect(await refusalsOf(courier)).toEqual([
      expect.stringMatching(/^3 courier\.http\.request_config\.body: .*Jsonnet/),
    ])
  })
})

describe('an enabled method that is not there', () => {
  const saml = methods('{ saml: { enabled: true } }')

  it('is refused, and the refusal names the way out', async () => {
    expect(await refusalsOf(saml)).toEqual([
      '4 selfservice.methods.saml.enabled: expected false, as saml is not supported yet (--without saml disables it), found true',
    ])
  })

  it('is done without where that is acknowledged, which is reported', async () => {
    const options = { without: ['saml'] }
    expect(await noticesOf(saml, {}, options)).toEqual([
      '4 selfservice.methods.saml.enabled: not supported yet; disabled by --without saml',
    ])
    const { config } = await load(saml, {}, options)
    expect(config.identity.selfservice.methods.saml?.enabled).toBe(false)
  })

  it('is nothing to be told of while it is not enabled', async () => {
    expect(await noticesOf(methods('{ saml: { enabled: false, config: { organizations: x } } }'))).toEqual([])
  })

  it('is refused when a variable enables it', async () => {
    const problems = await refusalsOf('', { SELFSERVICE_METHODS_SAML_ENABLED: 'true' })
    expect(problems).toEqual([expect.stringMatching(/^undefined SELFSERVICE_METHODS_SAML_ENABLED /)])
  })

  it('is not the migration of passwords, which needs the address of the previous system', async () => {
    const hook = (config: string) => methods(`{ password: { config: { migrate_hook: { enabled: true${config} } } } }`)
    expect(await noticesOf(hook(', config: { url: "https://a.example" }'))).toEqual([])
    for (const config of ['', ', config: {}']) {
      expect(await refusalsOf(hook(config))).toEqual([expect.stringMatching(/migrate_hook\.config.*found none/)])
    }
  })
})

describe('settings that a process has once', () => {
  it('are reported where a second file says something else', async () => {
    const keto = join(folder, 'keto.yml')
    await writeFile(keto, 'dsn: memory\nlog: { level: debug }\n')
    await load('log: { level: error }\n')
    const loaded = await loadOriginals({ kratos: join(folder, 'kratos.yml'), keto }, {})
    expect(loaded.installation.log.level).toBe('error')
    expect(loaded.notices).toMatchObject([{ file: keto, line: 2, key: 'log' }])
  })
})
