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

export interface ListedIdentity extends Pick<StoredIdentity, 'schema_id' | 'document' | 'metadata_admin'> {
  id: string
}

const columns = ['id', 'schema_id', 'document', 'metadata_admin'] as const

const plainPage = prepared<{ after: string; size: number }, ListedIdentity>((db, p) =>
  db.selectFrom('identities').select(columns).where('id', '>', p.after).orderBy('id').limit(p.size),
)

/** Identities by id, from after `after` on. */
export async function listAfter(
  ctx: Context,
  filter: IdentityFilter,
  page: { size: number; after: string },
): Promise<ListedIdentity[]> {
  if (Object.keys(filter).length === 0) return plainPage(ctx.db, page)
  return filtered(ctx, filter).select(columns).where('id', '>', page.after).orderBy('id').limit(page.size).execute()
}

/** Identities by id, from the `offset`th on. */
export async function listFrom(
  ctx: Context,
  filter: IdentityFilter,
  page: { size: number; offset: number },
): Promise<ListedIdentity[]> {
  return filtered(ctx, filter).select(columns).orderBy('id').limit(page.size).offset(page.offset).execute()
}

/** The credentials of listed identities, by id. */
export async function credentialsOf(ctx: Context, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await ctx.db
    .selectFrom('identities')
    .select(['id', 'credentials'])
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map((row) => [row.id, row.credentials]))
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
