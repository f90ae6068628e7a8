import { existsSync, readFileSync } from 'node:fs'
import { Ajv, type AnySchemaObject } from 'ajv'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anything, isKnown, listPaths, publishedPaths, put } from '../../test/config-documents.ts'
import { withDefaults } from '../kernel/config/defaults.ts'
import { findings } from '../kernel/config/validate.ts'
import { plain } from '../kernel/config/walk.ts'
import { loadFile } from './index.ts'
import { ketoSchema } from './originals/keto-schema.ts'

const shared = new URL('../../../../../shared/', import.meta.url)
const recorded = new URL('golden/config/permission.yml', shared)
/** The schemas of both generations of the original, and the keys that the older one does not have. */
const generations = [
  {
    name: 'v26.2.0',
    published: new URL('spec/keto-config.schema.json', shared),
    newer: /^(feature_flags|limit\.max_expand_size)\b/,
  },
  { name: 'July 2026', published: new URL('spec/keto-config-2026-07.schema.json', shared), newer: undefined },
]

it.skipIf(!existsSync(recorded))('the recorded configuration is accepted and known for what it is', async () => {
  const { originals, config, installation, dsn } = await loadFile(recorded.pathname, {})
  expect(originals).toEqual(['keto'])
  expect(dsn).toBe('memory')
  expect(installation.keto.serve.read).toMatchObject({ host: '127.0.0.1', port: 24466 })
  expect(config.permission.namespaces.map(({ name }) => name)).toEqual(['User', 'Group', 'Folder', 'Document', 'Vault'])
})

/** Where the two differ on purpose, or cannot be compared; `identities` is our own. */
const excepted = /^(version|log|tracing|identities)\b/

describe.each(generations)('generated documents by the schema of $name', ({ published, newer }) => {
  const isMissing = !existsSync(published)

  it.skipIf(isMissing)('are accepted and refused as by the published schema', () => {
    const theirs = publishedValidator(published)
    const schema = plain(ketoSchema)
    const isCompared = (key: string) => !excepted.test(key) && !newer?.test(key)
    const paths = listPaths(schema).filter(({ path }) => isCompared(path.join('.')))
    const documents = fc.constantFrom(...paths).chain(({ path, inner }) => {
      const own = [...(inner.enum ?? []), ...(inner.default === undefined ? [] : [inner.default])]
      return fc
        .oneof(anything, namespaces, ...(own.length > 0 ? [fc.constantFrom(...own)] : []))
        .map((value) => put({ dsn: 'memory' }, path, value))
    })
    const verdicts = { accepted: 0, refused: 0 }
    fc.assert(
      fc.property(documents, (document) => {
        const accepted = findings(schema, withDefaults(schema, document)).length === 0
        verdicts[accepted ? 'accepted' : 'refused']++
        expect(accepted, JSON.stringify(theirs.errors)).toBe(theirs(document))
      }),
      { numRuns: 1000 },
    )
    expect(verdicts.accepted).toBeGreaterThan(50)
    expect(verdicts.refused).toBeGreaterThan(50)
  })

  it.skipIf(isMissing)('know every key of the published schema', () => {
    const paths = publishedPaths(JSON.parse(readFileSync(published, 'utf8')))
    expect(paths.length).toBeGreaterThan(50)
    expect(paths.filter((path) => !isKnown(plain(ketoSchema), path))).toEqual([])
  })
})

const namespaces = fc.constantFrom<unknown>(
  'file://./namespaces',
  [{ name: 'videos', id: 1 }],
  [{ name: 'videos', id: -1 }],
  [{ id: 1 }],
  [{ name: 'videos', color: 'red' }],
  { location: 'file://./namespaces.ts' },
  { location: 'namespaces.ts' },
  { location: 'file://./namespaces.ts', experimental_strict_mode: true },
  { experimental_strict_mode: true },
)

function publishedValidator(published: URL) {
  const document: AnySchemaObject = JSON.parse(readFileSync(published, 'utf8'))
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false })
  ajv.addFormat('uri', /^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s]*$/)
  ajv.addFormat('uri-reference', /^[^\s\\]*$/)
  for (const name of ['logging', 'tracing']) ajv.addSchema({ $id: `ory://${name}-config`, type: 'object' })
  return ajv.compile(document)
}
