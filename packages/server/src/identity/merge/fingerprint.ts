import { createHash } from 'node:crypto'
import type { Identity } from '../record.ts'

/** Members that signing in changes, which prevents no undo. */
const volatile = new Set(['sign_count', 'updated_at'])

/** Identifies what a merge wrote to an identity, so that undoing it overwrites no later change. */
export function fingerprintOf({ document, metadataAdmin, credentials }: Identity): string {
  const { schema_id, external_id, traits, metadata_public } = document
  const methods = Object.values(credentials).sort((one, other) => (one.type < other.type ? -1 : 1))
  const text = JSON.stringify(
    [schema_id, external_id, traits, metadata_public, metadataAdmin, methods],
    (name, value) => (volatile.has(name) ? undefined : value),
  )
  return createHash('sha256').update(text).digest('base64url')
}
