import { createHash } from 'node:crypto'
import { deriveFromTraits, type Identity, type IdentityDocument } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import { sameJson } from '../../kernel/json-value.ts'
import type { PendingChangeRow } from '../tables.ts'

/** The members of an identity that a settings flow can change, by itself or as hooks want it. */
const members = ['schema_id', 'traits', 'state', 'state_changed_at', 'metadata_public', 'external_id'] as const

interface Changes {
  document: Partial<IdentityDocument>
  /** The members that the change removes. */
  removed: string[]
  metadataAdmin?: unknown
}

/** What a change makes of an identity, without the addresses and identifiers, which are derived from its traits. */
export function changesOf(before: Identity, after: Identity): string {
  const changed = members.filter((name) => !sameJson(before.document[name], after.document[name]))
  const changes: Changes = {
    document: Object.fromEntries(changed.map((name) => [name, after.document[name]])),
    removed: changed.filter((name) => after.document[name] === undefined),
    ...(sameJson(before.metadataAdmin, after.metadataAdmin) ? {} : { metadataAdmin: after.metadataAdmin }),
  }
  return JSON.stringify(changes)
}

/** The identity with a pending change. */
export function withPendingChange(ctx: Context, identity: Identity, { changes }: PendingChangeRow): Identity {
  const { document, removed, ...others } = JSON.parse(changes) as Changes
  const remaining = Object.entries(identity.document).filter(([name]) => !removed.includes(name))
  const changed = { ...Object.fromEntries(remaining), ...document } as IdentityDocument
  return deriveFromTraits(ctx, { ...identity, ...others, document: changed })
}

/** Identifies the traits that a change was made to, so that it is not applied to others. */
export function traitsHash({ document: { schema_id, traits } }: Identity): string {
  return createHash('sha256')
    .update(JSON.stringify([schema_id, traits]))
    .digest('base64url')
}
