import { existsSync, readFileSync } from 'node:fs'
import { Ajv, type AnySchemaObject } from 'ajv'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anything, isKnown, listPaths, publishedPaths, put } from '../../test/config-documents.ts'
import { withDefaults } from '../kernel/config/defaults.ts'
import { findings } from '../kernel/config/validate.ts'
import { plain } from '../kernel/config/walk.ts'
import { loadFile } from './index.ts'
import { hydraSchema } from './originals/hydra-schema.ts'

const shared = new URL('../../../../../shared/', import.meta.url)
const recorded = ['oauth2', 'oauth2-jwt'].map((name) => new URL(`golden/config/${name}.yml`, shared))
/** The schemas of both generations of the original, and the keys that the older one does not have. */
const generations = [
  {
    name: 'v26.2.0',
    published: new URL('spec/hydra-config.schema.json', shared),
    newer: /^oauth2\.(preserve_ext_claims|grant\.jwt\.omit_assertion_audience)$/,
  },
  { name: 'July 2026', published: new URL('spec/hydra-config-2026-07.schema.json', shared), newer: undefined },
]

describe.skipIf(!recorded.every((url) => existsSync(url)))('the recorded configurations', () => {
  it.each(recorded)('%s is accepted and known for what it is', async (url) => {
    const { originals, config, installation, dsn } = await loadFile(url.pathname, {})
    expect(originals).toEqual(['hydra'])
    expect(dsn).toBe('memory')
    expect(installation.hydra.serve.admin).toMatchObject({ host: '127.0.0.1', port: 24445 })
    expect(installation.hydra.secrets).toEqual(['PLEASE-CHANGE-ME-I-AM-VERY-INSECURE'])
    expect(config.oauth2.urls).toMatchObject({
      self: { issuer: 'http://127.0.0.1:24444' },
      login: 'http://127.0.0.1:4455/login',
    })
  })
})

/** Keys that the original does not have. */
const own =
  /^oauth2\.(dpop|issuer_in_responses|mtls|pushed_requests|request_objects|signed_responses|resource_indicators|token_exchange)\b/

/**
 * Where the two differ on purpose, or cannot be compared: listeners and tracing stand in other published files, and
 * domains, paths and names of cookies may be impossible there. A file may say to editors what it looks like.
 */
const excepted = /^(\$schema|version|log|tracing|serve\.(public|admin|tls|cookies\.(domain|names|paths)))\b/

describe.each(generations)('generated documents by the schema of $name', ({ published, newer }) => {
  const isMissing = !existsSync(published)

  it.skipIf(isMissing)('are accepted and refused as by the published schema', () => {
    const theirs = publishedValidator(published)
    const schema = plain(hydraSchema)
    const isCompared = (key: string) => !excepted.test(key) && !own.test(key) && !newer?.test(key)
    const paths = listPaths(schema).filter(({ path }) => isCompared(path.join('.')))
    const documents = fc.constantFrom(...paths).chain(({ path, inner }) => {
      const own = [...(inner.enum ?? []), ...(inner.default === undefined ? [] : [inner.default])]
      return fc
        .oneof(anything, particular, ...(own.length > 0 ? [fc.constantFrom(...own)] : []))
        .map((value) => put({ dsn: 'memory' }, path, value))
    })
    const verdicts = { accepted: 0, refused: 0 }
    fc.assert(
      fc.property(documents, (document) => {
        const accepted = findings(schema, withDefaults(schema, document)).length === 0
        verdicts[accepted ? 'accepted' : 'refused']++
        expect(accepted, JSON.stringify(theirs.errors)).toBe(theirs(document))
      }),
      { numRuns: 1500 },
    )
    expect(verdicts.accepted).toBeGreaterThan(50)
    expect(verdicts.refused).toBeGreaterThan(50)
  })

  it.skipIf(isMissing)('know every key of the published schema', () => {
    const paths = publishedPaths(JSON.parse(readFileSync(published, 'utf8')))
    expect(paths.length).toBeGreaterThan(100)
    expect(paths.filter((path) => !isKnown(plain(hydraSchema), path))).toEqual([])
  })
})

/** Values of the keys with several forms. */
const particular = fc.constantFrom<unknown>(
  '-1',
  'https://hook.example.org/',
  { url: 'https://hook.example.org/' },
  { url: 'https://hook.example.org/', auth: { type: 'api_key', config: { name: 'a', value: 'b' } } },
  { url: 'https://hook.example.org/', auth: { type: 'api_key', config: { name: 'a', value: 'b', in: 'body' } } },
  { url: 'https://hook.example.org/', auth: { type: 'basic_auth', config: { name: 'a', value: 'b' } } },
  { auth: { type: 'api_key', config: { name: 'a', value: 'b' } } },
  { entropy_preset: 'low' },
  { entropy_preset: 'none' },
  { entropy_preset: 'low', length: 8 },
  { length: 8, character_set: 'ABCDEFGH' },
  { length: 5, character_set: 'ABCDEFGH' },
  { length: 8 },
  { supported_types: ['public'] },
  { supported_types: ['pairwise'] },
  { supported_types: ['pairwise', 'public'], pairwise: { salt: 'a salt of some length' } },
  { supported_types: ['secret'] },
  { salt: 'a salt of some length' },
  ['a secret of some length'],
)

function publishedValidator(published: URL) {
  const document: AnySchemaObject = JSON.parse(readFileSync(published, 'utf8'))
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false })
  ajv.addFormat('uri', /^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s]*$/)
  ajv.addFormat('uri-reference', /^[^\s\\]*$/)
  for (const name of ['serve', 'cors', 'tls', 'tracing']) {
    ajv.addSchema({ $id: `ory://${name}-config`, type: 'object' })
  }
  return ajv.compile(document)
}
