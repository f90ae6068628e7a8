import { inEachOf, perDialect, preparedStatement } from '../db/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Identity } from './record.ts'
import { fromRow, toRow } from './row.ts'
import type { AddressRow, IdentifierRow, IdentityRow } from './tables.ts'

const columns = ['document', 'metadata_admin', 'credentials'] as const

/** The stored JSON of an identity, for responses that embed it unparsed. */
export interface StoredIdentity extends Pick<IdentityRow, 'document' | 'metadata_admin' | 'credentials'> {}

const byIdentifier = preparedStatement<{ type: string; identifier: string }, StoredIdentity>((db, p) =>
  db
    .selectFrom('identity_identifiers as i')
    .innerJoin('identities as t', 't.id', 'i.identity_id')
    .select(['t.document', 't.metadata_admin', 't.credentials'])
    .where('i.credential_type', '=', p.type)
    .where('i.identifier', '=', p.identifier),
)

const byAddress = preparedStatement<{ kind: string; via: string; value: string }, StoredIdentity>((db, p) =>
  db
    .selectFrom('identity_addresses as a')
    .innerJoin('identities as t', 't.id', 'a.identity_id')
    .select(['t.document', 't.metadata_admin', 't.credentials'])
    .where('a.kind', '=', p.kind)
    .where('a.via', '=', p.via)
    .where('a.value', '=', p.value),
)

const rowById = preparedStatement<{ id: string }, StoredIdentity>((db, p) =>
  db.selectFrom('identities').select(columns).where('id', '=', p.id),
)

const rowByExternalId = preparedStatement<{ id: string }, StoredIdentity>((db, p) =>
  db.selectFrom('identities').select(columns).where('external_id', '=', p.id),
)

export async function findRow(
  ctx: Context,
  by: { id: string } | { externalId: string },
): Promise<StoredIdentity | undefined> {
  const [row] = 'id' in by ? await rowById(ctx.db, by) : await rowByExternalId(ctx.db, { id: by.externalId })
  return row
}

export async function findIdentity(ctx: Context, id: string): Promise<Identity | undefined> {
  return one(ctx, await rowById(ctx.db, { id }))
}

/** Finds the identity with this credential type and normalized identifier. */
export async function findByIdentifier(ctx: Context, type: string, identifier: string): Promise<Identity | undefined> {
  return one(ctx, await byIdentifier(ctx.db, { type, identifier }))
}

/** Finds the identity with this normalized address. */
export async function findByAddress(
  ctx: Context,
  kind: 'verification' | 'recovery',
  address: { via: string; value: string },
): Promise<Identity | undefined> {
  return one(ctx, await byAddress(ctx.db, { kind, ...address }))
}

/** Selects the identity and locks its row until the end of the transaction, to prevent lost updates. */
export async function lockIdentity(ctx: Context, id: string): Promise<Identity | undefined> {
  const query = ctx.db.selectFrom('identities').select(columns).where('id', '=', id)
  return one(ctx, await (ctx.capabilities.rowLocks ? query.forUpdate() : query).execute())
}

const selectForUpdate = perDialect((capabilities) =>
  preparedStatement<{ ids: string }, Pick<IdentityRow, 'id'>>((db, p) => {
    const query = db
      .selectFrom('identities')
      .select('id')
      .where(inEachOf(capabilities, ['id'], p.ids))
    return capabilities.rowLocks ? query.forKeyShare() : query
  }),
)

/** Returns the IDs of existing identities and locks their rows until the end of the transaction, with one statement. */
export async function holdIdentities(ctx: Context, ids: readonly string[]): Promise<Set<string>> {
  const rows = await selectForUpdate(ctx.capabilities)(ctx.db, { ids: JSON.stringify(ids.map((id) => [id])) })
  return new Set(rows.map(({ id }) => id))
}

/** Inserts an identity. Throws the unique violation of the database if its ID or external ID already exists. */
export async function insertIdentityRow(ctx: Context, identity: Identity): Promise<void> {
  await insertion(ctx.db, { ...toRow(ctx, identity) })
}

const insertion = preparedStatement<IdentityRow & Record<string, unknown>, unknown>((db, p) =>
  db.insertInto('identities').values({
    id: p.id,
    schema_id: p.schema_id,
    state: p.state,
    external_id: p.external_id,
    organization_id: p.organization_id,
    document: p.document,
    metadata_admin: p.metadata_admin,
    credentials: p.credentials,
    second_factors: p.second_factors,
    created_at: p.created_at,
    updated_at: p.updated_at,
  }),
)

/** Inserts identities with one statement. Throws the unique violation of the database if an ID already exists. */
export async function insertIdentityRows(ctx: Context, identities: readonly Identity[]): Promise<void> {
  if (identities.length > 0)
    await ctx.db
      .insertInto('identities')
      .values(identities.map((one) => toRow(ctx, one)))
      .execute()
}

export async function updateIdentityRow(ctx: Context, identity: Identity): Promise<void> {
  const { id, created_at, ...row } = toRow(ctx, identity)
  await ctx.db.updateTable('identities').set(row).where('id', '=', id).execute()
}

/** Deletes an identity and all dependent rows. Returns false if there is none. */
export async function deleteIdentityRow(ctx: Context, id: string): Promise<boolean> {
  const [result] = await ctx.db.deleteFrom('identities').where('id', '=', id).execute()
  return result !== undefined && result.numDeletedRows > 0n
}

export type Index = Pick<IdentifierRow, 'credential_type' | 'identifier'>
export type Address = { kind: 'verification' | 'recovery'; via: string; value: string }

export async function addIdentifiers(ctx: Context, identityId: string, rows: readonly Index[]): Promise<void> {
  if (rows.length === 0) return
  const values = rows.map((row) => ({ ...row, identity_id: identityId }))
  await ctx.db.insertInto('identity_identifiers').values(values).execute()
}

export async function removeIdentifiers(ctx: Context, identityId: string, rows: readonly Index[]): Promise<void> {
  if (rows.length === 0) return
  await ctx.db
    .deleteFrom('identity_identifiers')
    .where('identity_id', '=', identityId)
    .where((eb) => eb.or(rows.map((row) => eb.and(row))))
    .execute()
}

export async function addAddresses(ctx: Context, identityId: string, rows: readonly Address[]): Promise<void> {
  if (rows.length === 0) return
  const values = rows.map((row) => ({ ...row, identity_id: identityId }))
  await ctx.db.insertInto('identity_addresses').values(values).execute()
}

export async function removeAddresses(ctx: Context, identityId: string, rows: readonly Address[]): Promise<void> {
  if (rows.length === 0) return
  await ctx.db
    .deleteFrom('identity_addresses')
    .where('identity_id', '=', identityId)
    .where((eb) => eb.or(rows.map((row) => eb.and(row))))
    .execute()
}

/** Returns those of the identifiers that belong to other identities. */
export async function takenIdentifiers(
  ctx: Context,
  identityId: string,
  rows: readonly Index[],
): Promise<IdentifierRow[]> {
  if (rows.length === 0) return []
  return ctx.db
    .selectFrom('identity_identifiers')
    .select(['credential_type', 'identifier', 'identity_id'])
    .where('identity_id', '!=', identityId)
    .where((eb) => eb.or(rows.map((row) => eb.and(row))))
    .execute()
}

/** Returns those of the addresses that belong to other identities. */
export async function takenAddresses(
  ctx: Context,
  identityId: string,
  rows: readonly Address[],
): Promise<AddressRow[]> {
  if (rows.length === 0) return []
  return ctx.db
    .selectFrom('identity_addresses')
    .select(['kind', 'via', 'value', 'identity_id'])
    .where('identity_id', '!=', identityId)
    .where((eb) => eb.or(rows.map((row) => eb.and(row))))
    .execute()
}

/** Returns the rows of existing identifiers with these values, of any credential type. */
export async function rowsWithIdentifiers(ctx: Context, identifiers: readonly string[]): Promise<IdentifierRow[]> {
  if (identifiers.length === 0) return []
  return ctx.db
    .selectFrom('identity_identifiers')
    .select(['credential_type', 'identifier', 'identity_id'])
    .where('identifier', 'in', [...identifiers])
    .execute()
}

/** Returns the rows of existing addresses with these values. */
export async function rowsWithAddresses(ctx: Context, values: readonly string[]): Promise<AddressRow[]> {
  if (values.length === 0) return []
  const kinds = ['verification', 'recovery']
  const vias = ['email', 'sms']
  return ctx.db
    .selectFrom('identity_addresses')
    .select(['kind', 'via', 'value', 'identity_id'])
    .where('kind', 'in', kinds)
    .where('via', 'in', vias)
    .where('value', 'in', [...values])
    .execute()
}

export async function takenExternalIds(ctx: Context, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await ctx.db
    .selectFrom('identities')
    .select('external_id')
    .where('external_id', 'in', [...ids])
    .execute()
  return rows.flatMap(({ external_id }) => external_id ?? [])
}

/** Inserts the identifiers and addresses of several identities. */
export async function addUniqueRows(
  ctx: Context,
  identifiers: readonly IdentifierRow[],
  addresses: readonly AddressRow[],
): Promise<void> {
  if (identifiers.length > 0) await ctx.db.insertInto('identity_identifiers').values(identifiers).execute()
  if (addresses.length > 0) await ctx.db.insertInto('identity_addresses').values(addresses).execute()
}

function one(ctx: Context, rows: readonly StoredIdentity[]): Identity | undefined {
  return rows[0] && fromRow(ctx, rows[0])
}
