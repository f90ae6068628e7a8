import type { SelectQueryBuilder } from 'kysely'
import { prepared, startsWith } from '../db/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Tables } from '../kernel/tables.ts'
import type { StoredIdentity } from './store.ts'

/** Which identities a listing shows. */
export interface IdentityFilter {
  ids?: readonly string[]
  /** As it was asked for and normalised: subjects of social sign-in are stored as they are. */
  identifier?: readonly string[]
  /** Starts of identifiers, likewise. */
  identifierPrefix?: readonly string[]
  organizationId?: string
}

/** What a listing shows of an identity; each column costs as much as the rest of its row. */
export interface ListedIdentity extends Pick<StoredIdentity, 'document' | 'metadata_admin'> {
  credentials?: string
}

const columns = ['document', 'metadata_admin'] as const

const plainPage = prepared<{ after: string; size: number }, ListedIdentity>((db, p) =>
  db.selectFrom('identities').select(columns).where('id', '>', p.after).orderBy('id').limit(p.size),
)

/** Identities by id, from after `after` or from the `offset`th on. */
export async function listRows(
  ctx: Context,
  { credentials, ...filter }: IdentityFilter & { credentials: boolean },
  page: { size: number; after?: string; offset?: number },
): Promise<ListedIdentity[]> {
  const { size, after = '', offset = 0 } = page
  if (offset === 0 && !credentials && Object.keys(filter).length === 0) return plainPage(ctx.db, { after, size })
  let query = filtered(ctx, filter).select(credentials ? [...columns, 'credentials'] : columns)
  if (after) query = query.where('id', '>', after)
  if (offset) query = query.offset(offset)
  return query.orderBy('id').limit(size).execute()
}

export async function countRows(ctx: Context, filter: IdentityFilter): Promise<number> {
  const row = await filtered(ctx, filter)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

function filtered(ctx: Context, filter: IdentityFilter): SelectQueryBuilder<Tables, 'identities', object> {
  let query = ctx.db.selectFrom('identities') as SelectQueryBuilder<Tables, 'identities', object>
  const { ids, organizationId, identifier, identifierPrefix } = filter
  if (ids) query = query.where('id', 'in', [...ids])
  if (organizationId) query = query.where('organization_id', '=', organizationId)
  if (identifier) {
    query = query.where('id', 'in', (eb) =>
      eb
        .selectFrom('identity_identifiers')
        .select('identity_id')
        .where('identifier', 'in', [...identifier]),
    )
  }
  if (identifierPrefix) {
    query = query.where('id', 'in', (eb) =>
      eb
        .selectFrom('identity_identifiers')
        .select('identity_id')
        .where((row) =>
          row.or(identifierPrefix.map((start) => startsWith(ctx.capabilities, row, 'identifier', start))),
        ),
    )
  }
  return query
}
