import { preparedStatement } from '../../db/index.ts'
import type { Context } from '../../kernel/context.ts'
import { type Client, clientFromRow, listNames } from './client.ts'
import type { OAuth2ClientRow } from './tables.ts'

const selectClient = preparedStatement<{ id: string }, OAuth2ClientRow>((db, p) =>
  db.selectFrom('oauth2_clients').selectAll().where('id', '=', p.id),
)

export async function findClient(ctx: Pick<Context, 'db'>, id: string): Promise<Client | undefined> {
  const [row] = await selectClient(ctx.db, { id })
  return row && clientFromRow(row)
}

/** @throws a unique violation if the id exists */
export async function insertClient(ctx: Context, client: Client): Promise<void> {
  await ctx.db.insertInto('oauth2_clients').values(toRow(client)).execute()
}

export async function updateClient(ctx: Context, client: Client): Promise<boolean> {
  const { id, ...changes } = toRow(client)
  const { token_generation: _, created_at: __, ...set } = changes
  const { numUpdatedRows } = await ctx.db
    .updateTable('oauth2_clients')
    .set(set)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** Revokes the access tokens of a client. */
export async function nextTokenGeneration(ctx: Context, id: string): Promise<void> {
  await ctx.db
    .updateTable('oauth2_clients')
    .set((eb) => ({ token_generation: eb('token_generation', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

export async function deleteClientRow(ctx: Context, id: string): Promise<boolean> {
  const { numDeletedRows } = await ctx.db.deleteFrom('oauth2_clients').where('id', '=', id).executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

export interface ClientFilter {
  name: string
  owner: string
}

/** Clients in the order of their ids, with one more than the page holds if there is a next page. */
export async function listClientRows(
  ctx: Context,
  filter: ClientFilter,
  page: { size: number; after: string },
): Promise<Client[]> {
  let query = ctx.db.selectFrom('oauth2_clients').selectAll().where('id', '>', page.after)
  if (filter.name) query = query.where('name', '=', filter.name)
  if (filter.owner) query = query.where('owner', '=', filter.owner)
  const rows = await query
    .orderBy('id')
    .limit(page.size + 1)
    .execute()
  return rows.map(clientFromRow)
}

function toRow(client: Client): OAuth2ClientRow {
  const { metadata } = client
  const lists = Object.fromEntries(listNames.map((name) => [name, metadata[name] ?? []]))
  return {
    id: client.id,
    name: metadata.client_name ?? '',
    owner: metadata.owner ?? '',
    metadata: JSON.stringify({ ...metadata, ...lists }),
    secret_hash: client.secretHash,
    rotated_secret_hashes: JSON.stringify(client.rotatedSecretHashes),
    registration_token_hash: client.registrationTokenHash,
    token_generation: client.tokenGeneration,
    created_at: client.createdAt,
    updated_at: client.updatedAt,
  }
}
