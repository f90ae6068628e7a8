import type { IdentitySchema } from '../identity/index.ts'
import { readSource, SourceError, type SourceOptions } from '../kernel/config/source.ts'
import type { Finding } from '../kernel/config/validate.ts'
import type { KratosFile } from './originals/kratos-schema.ts'

/** Returns the problems of a schema document; an empty list means that it is valid. */
export type SchemaCheck = (document: object) => readonly string[]

/** Reads and checks all identity schemas of a configuration. */
export async function loadIdentitySchemas(config: KratosFile, options: SourceOptions & { check: SchemaCheck }) {
  const { schemas, default_schema_id: defaultId } = config.identity
  const findings: Finding[] = []
  const ids = schemas.map(({ id }) => id)
  if (!ids.includes(defaultId)) {
    const expected = `the id of one of the schemas (${ids.join(', ')})`
    findings.push({ path: ['identity', 'default_schema_id'], expected, found: JSON.stringify(defaultId) })
  }
  const results = await Promise.all(
    schemas.map(async (schema, index): Promise<IdentitySchema[]> => {
      const path = ['identity', 'schemas', index]
      if (ids.indexOf(schema.id) !== index) {
        findings.push({ path: [...path, 'id'], expected: 'an id used once', found: JSON.stringify(schema.id) })
        return []
      }
      const document = await readSchema(schema.url, options)
      const mistakes = typeof document === 'string' ? [document] : options.check(document)
      for (const found of mistakes) {
        findings.push({ path: [...path, 'url'], expected: `a usable identity schema`, found })
      }
      if (typeof document === 'string') return []
      const url = schemaUrl(config.serve.public.base_url, schema.id)
      const selfserviceSelectable = schema.selfservice_selectable
      return [{ id: schema.id, url, rawUrl: schema.url, document, selfserviceSelectable }]
    }),
  )
  return { schemas: results.flat(), findings }
}

/** The public URL of a schema: its ID in unpadded base64url below `/schemas/`. */
export function schemaUrl(baseUrl: string, id: string): string {
  return `${baseUrl.replace(/\/+$/, '')}/schemas/${Buffer.from(id).toString('base64url')}`
}

async function readSchema(url: string, options: SourceOptions): Promise<object | string> {
  try {
    const document: unknown = JSON.parse(await readSource(url, options))
    if (typeof document === 'object' && document !== null && !Array.isArray(document)) return document
    return 'JSON that is not an object'
  } catch (error) {
    if (error instanceof SourceError) return error.message
    return 'invalid JSON'
  }
}
