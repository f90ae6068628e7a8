import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Ajv, type AnySchemaObject } from 'ajv'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anything, isKnown, listPaths, publishedPaths, put } from '../../test/config-documents.ts'
import { withDefaults } from '../kernel/config/defaults.ts'
import { findings } from '../kernel/config/validate.ts'
import { isTree, plain, type Schema, type Tree } from '../kernel/config/walk.ts'
import { acknowledgeableNames, loadOriginals } from './index.ts'
import { kratosSchema } from './originals/kratos-schema.ts'

const shared = new URL('../../../../../shared/', import.meta.url)
const configs = new URL('golden/config/', shared)
/** The schema of v26.2 and that of July 2026. */
const generations = ['kratos-config', 'kratos-config-2026-07'].map(
  (name) => new URL(`spec/${name}.schema.json`, shared),
)
const areThere = generations.every((url) => existsSync(url))

describe.skipIf(!existsSync(configs))('recorded configurations (skipped where the shared folder is missing)', () => {
  const files = existsSync(configs) ? readdirSync(configs).filter((name) => /^identity.*\.yml$/.test(name)) : []
  const without = { without: acknowledgeableNames() }
  it.each(files)('%s is accepted', async (name) => {
    const { config } = await loadOriginals({ kratos: new URL(name, configs).pathname }, {}, without)
    expect(config.identitySchemas.map(({ id }) => id)).toEqual(['person', 'customer'])
  })
})

describe.skipIf(!areThere)('generated documents (skipped where the shared folder is missing)', () => {
  it('are accepted if one of the published schemas accepts them, and refused otherwise', () => {
    const validators = generations.map(publishedValidator)
    const schema = plain(kratosSchema)
    const verdicts = { accepted: 0, refused: 0 }
    fc.assert(
      fc.property(documents(schema), (document) => {
        const filled = withDefaults(schema, document)
        const accepted = findings(schema, filled).length === 0
        verdicts[accepted ? 'accepted' : 'refused']++
        const theirs = validators.some((validate) => validate(withoutOwn(filled)))
        if (theirs !== accepted) {
          const reasons = validators.at(-1)?.errors ?? findings(schema, filled)
          throw new Error(`${accepted ? 'accepted' : 'refused'}: ${JSON.stringify(reasons)}`)
        }
      }),
      { numRuns: 500 },
    )
    expect(verdicts.accepted).toBeGreaterThan(50)
    expect(verdicts.refused).toBeGreaterThan(50)
  })
})

it.skipIf(!areThere).each(generations)('every key of %s is known', (url) => {
  const document = JSON.parse(readFileSync(url, 'utf8'))
  expect(publishedPaths(document).filter((path) => !isKnown(plain(kratosSchema), path))).toEqual([])
})

/** Keys of our own that have a default, by the objects that they are in. */
const ownDefaults = [
  [['session'], 'impersonation'],
  [['session'], 'device_bound'],
  [['selfservice', 'methods', 'password', 'config'], 'common_passwords_refused'],
] as const

/** Without the keys of our own that defaults have added beside keys of the published schema. */
function withoutOwn(filled: unknown): unknown {
  if (!isTree(filled)) return filled
  const copy = structuredClone(filled)
  for (const [keys, own] of ownDefaults) {
    const parent = keys.reduce<unknown>((tree, key) => (isTree(tree) ? tree[key] : undefined), copy)
    if (isTree(parent)) delete parent[own]
  }
  return copy
}

/** Where the two differ on purpose, or cannot be compared. */
const excepted = new Map([
  ['selfservice.methods.saml', 'a later method that the published schema lacks'],
  ['selfservice.methods.captcha', 'a later method that the published schema lacks'],
  ['tracing', 'stands in another published file'],
  ['serve', 'its addresses are filled in before validation'],
  ['serve.public', 'its addresses are filled in before validation'],
  ['serve.admin', 'its addresses are filled in before validation'],
  ['feature_flags', 'the published schema lets it be text or a number'],
  ...['', '.enabled', '.after_percent', '.replaces_lockout', '.difficulty'].map(
    (key) => [`security.proof_of_work${key}`, 'is our own'] as const,
  ),
  ...['', '.enabled', '.known_for', '.max_devices'].map(
    (key) => [`security.new_device_code${key}`, 'is our own'] as const,
  ),
  ...['attempts', 'messages', 'registrations'].flatMap((limit) =>
    ['', '.enabled', '.per_account', '.per_recipient', '.per_address', '.window'].map(
      (key) => [`security.${limit}${key}`, 'is our own'] as const,
    ),
  ),
  ...['', '.enabled', '.refresh_lifespan', '.scope'].map(
    (key) => [`session.device_bound${key}`, 'is our own'] as const,
  ),
  ...['', '.enabled', '.lifespan', '.max_lifespan', '.notify'].map(
    (key) => [`session.impersonation${key}`, 'is our own'] as const,
  ),
  ['courier.templates.impersonation_started', 'is our own'],
  ['courier.templates.authenticator_key_added', 'is our own; Kratos has no key for the template type'],
  ['selfservice.methods.password.config.common_passwords_refused', 'is our own'],
  ['selfservice.methods.link.config.confirm_url', 'is our own'],
  ['selfservice.methods.passkey.config.upgrade_ui_url', 'is our own'],
  ['selfservice.methods.link.config.base_url', 'may be any text there, where it has no effect'],
  ['hashers.bcrypt.cost', 'a cost above 16 takes longer than anybody waits, so it is refused here'],
  ['session.cookie.name', 'may be empty there'],
  ['courier.http.request_config.method', 'may be empty there'],
  ['selfservice.methods.password.config.migrate_hook.enabled', 'needs a request to make here'],
  ['database.cleanup.sleep.tables', 'may be 1h30m here, only 90m there'],
  ['database.cleanup.older_than', 'may be 1h30m here, only 90m there'],
])

function publishedValidator(url: URL) {
  const document: AnySchemaObject = JSON.parse(readFileSync(url, 'utf8'))
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false })
  addFormats.default(ajv)
  ajv.addFormat('uri', /^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s]*$/)
  ajv.addFormat('uri-reference', /^[^\s\\]*$/)
  ajv.addFormat('email', /^[^\s@]+@[^\s@]+$/)
  ajv.addSchema({ $id: 'ory://tracing-config', type: 'object' })
  return ajv.compile(document)
}

/** A small document that is right, with one key somewhere set to something that may be right or wrong. */
function documents(schema: Schema): fc.Arbitrary<Tree> {
  const paths = listPaths(schema).filter(
    ({ path }) =>
      !excepted.has(path.join('.')) &&
      !path.some((part) =>
        /^(saml|captcha|tracing|impersonation|impersonation_started|authenticator_key_added|proof_of_work|new_device_code)$/.test(
          String(part),
        ),
      ),
  )
  return fc
    .constantFrom(...paths)
    .chain(({ path, inner }) => fc.tuple(fc.constant(path), values(inner)))
    .map(([path, value]) => put(smallest, path, value) as Tree)
}

const smallest: Tree = {
  dsn: 'memory',
  serve: { public: { base_url: 'http://127.0.0.1:4433/' }, admin: { base_url: 'http://127.0.0.1:4434/' } },
  selfservice: { default_browser_return_url: 'https://app.example.org/' },
  identity: { schemas: [{ id: 'default', url: 'file://./person.json' }] },
}

function values(schema: Schema): fc.Arbitrary<unknown> {
  const choices = [...(schema.enum ?? []), ...(schema.default === undefined ? [] : [schema.default])]
  const hook = schema.entries?.oneOf ? fc.array(hooks, { minLength: 1, maxLength: 2 }) : undefined
  // Text in place of a boolean, or the reverse, is where we are more generous.
  const usable = schema.unit === 'flag' ? fc.constantFrom<unknown>('true', 'false') : anything
  const mailbox = choices.filter((choice) => choice !== 'mailbox')
  return fc.oneof(usable, ...(mailbox.length > 0 ? [fc.constantFrom(...mailbox)] : []), ...(hook ? [hook] : []))
}

const hooks = fc.constantFrom<Tree>(
  { hook: 'session' },
  { hook: 'revoke_active_sessions' },
  { hook: 'require_verified_address' },
  { hook: 'show_verification_ui' },
  { hook: 'verification' },
  { hook: 'nonsense' },
  { hook: 'b2b_sso' },
  { hook: 'organization', config: {} },
  { hook: 'verify_new_address' },
  { hook: 'notify_previous_addresses', config: { recipients: 'all' } },
  { hook: 'notify_previous_addresses', config: { recipients: 'nobody' } },
  { hook: 'session', extra: 1 },
  { hook: 'web_hook', config: { url: 'https://example.org/', method: 'POST' } },
  { hook: 'web_hook', config: { url: 'https://example.org/' } },
  { hook: 'web_hook', config: { url: 'https://example.org/', method: 'POST', response: { ignore: true } } },
  {
    hook: 'web_hook',
    config: { url: 'https://e.org/', method: 'POST', response: { ignore: true }, can_interrupt: true },
  },
  {
    hook: 'web_hook',
    config: {
      url: 'https://e.org/',
      method: 'POST',
      auth: { type: 'api_key', config: { name: 'a', value: 'b', in: 'header' } },
    },
  },
  {
    hook: 'web_hook',
    config: { url: 'https://e.org/', method: 'POST', auth: { type: 'api_key', config: { name: 'a' } } },
  },
  { hook: 'web_hook' },
)
