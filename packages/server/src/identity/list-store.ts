import type { SelectQueryBuilder } from 'kysely'
import {
  concatenate,
  joinedJson,
  preparedStatement,
  startsWith,
  textByValue,
  withoutOpeningBrace,
} from '../db/index.ts'
import type { Capabilities, Context } from '../kernel/context.ts'
import type { Tables } from '../kernel/tables.ts'
import type { CredentialType } from './record.ts'
import type { StoredIdentity } from './store.ts'

/** The filter of an identity listing. */
export interface IdentityFilter {
  ids?: readonly string[]
  /** An identifier in each form in which types of credentials store it. */
  identifier?: readonly StoredForm[]
  /** The start of an identifier, likewise. */
  identifierPrefix?: readonly StoredForm[]
  organizationId?: string
}

/** An identifier, or the start of one, as credentials of these types store it. */
export interface StoredForm {
  types: readonly CredentialType[]
  text: string
}

/** The columns of an identity list. Each large column doubles the cost of a row. */
export interface ListedIdentity extends Pick<StoredIdentity, 'document' | 'metadata_admin'> {
  credentials?: string
}

const columns = ['document', 'metadata_admin'] as const

/** Identities by id, starting after `after` or at `offset`. */
export async function listRows(
  ctx: Context,
  { credentials, ...filter }: IdentityFilter & { credentials: boolean },
  page: { size: number; after?: string; offset?: number },
): Promise<ListedIdentity[]> {
  const { size, after = '', offset = 0 } = page
  let query = applyFilter(ctx, filter).select(credentials ? [...columns, 'credentials'] : columns)
  if (after) query = query.where('id', '>', after)
  if (offset) query = query.offset(offset)
  return query.orderBy('id').limit(size).execute()
}

/** A page of the unfiltered list, assembled by the database: comma-separated identities, null if there are none. */
export interface WrittenPage {
  text: string | Uint8Array | null
  /** The number of identities on the page, and of those with one of the given schemas; the text contains only the latter. */
  count: number
  written: number
  last: string | null
}

/**
 * The identities with IDs after `after`, each assembled from the prefix of its schema, its admin metadata, and its own
 * document. The database returns one value instead of a hundred rows.
 */
export async function writePage(
  ctx: Context,
  heads: readonly { schemaId: string; head: string }[],
  page: { size: number; after?: string },
): Promise<WrittenPage> {
  const { size, after = '' } = page
  const parameters: Record<string, string | number> = { size, after }
  heads.forEach(({ schemaId, head }, i) => {
    parameters[`schema${i}`] = schemaId
    parameters[`head${i}`] = head
  })
  const [row] = await writtenPage(ctx.capabilities, heads.length)(ctx.db, parameters)
  const { text = null, count = 0, written = 0, last = null } = row ?? {}
  return { text, count: Number(count), written: Number(written), last }
}

const selectNext = preparedStatement<{ after: string }, { id: string }>((db, p) =>
  db.selectFrom('identities').select('id').where('id', '>', p.after).orderBy('id').limit(1),
)

/** Whether there are identities after this one. */
export async function hasAfter(ctx: Context, id: string): Promise<boolean> {
  return (await selectNext(ctx.db, { after: id })).length > 0
}

const writtenPages = new Map<string, ReturnType<typeof buildWrittenPage>>()

/** The statement, which depends on the number of schemas. */
function writtenPage(capabilities: Capabilities, schemas: number): ReturnType<typeof buildWrittenPage> {
  const key = `${capabilities.dialect} ${schemas}`
  const known = writtenPages.get(key) ?? buildWrittenPage(capabilities, schemas)
  writtenPages.set(key, known)
  return known
}

function buildWrittenPage(capabilities: Capabilities, schemas: number) {
  return preparedStatement<Record<string, string | number>, WrittenPage>((db, p) => {
    const heads = Array.from({ length: schemas }, (_, i) => [p[`schema${i}`], p[`head${i}`]] as [string, string])
    const page = db
      .selectFrom('identities')
      .select(({ ref, fn }) => [
        'id',
        concatenate(
          textByValue(ref('schema_id'), heads),
          '"metadata_admin":',
          fn.coalesce(ref('metadata_admin'), concatenate('null')),
          ',',
          withoutOpeningBrace(capabilities, ref('document')),
        ).as('text'),
      ])
      .where('id', '>', p.after as string)
      .orderBy('id')
      .limit(p.size as number)
      .as('page')
    return db
      .selectFrom(page)
      .select(({ ref, fn }) => [
        joinedJson(capabilities, ref('text'), ref('id')).as('text'),
        fn.countAll<number>().as('count'),
        fn.count<number>('text').as('written'),
        fn.max('id').as('last'),
      ])
  })
}

export async function countRows(ctx: Context, filter: IdentityFilter): Promise<number> {
  const row = await applyFilter(ctx, filter)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

function applyFilter(ctx: Context, filter: IdentityFilter): SelectQueryBuilder<Tables, 'identities', object> {
  let query = ctx.db.selectFrom('identities') as SelectQueryBuilder<Tables, 'identities', object>
  const { ids, organizationId, identifier, identifierPrefix } = filter
  if (ids) query = query.where('id', 'in', [...ids])
  if (organizationId) query = query.where('organization_id', '=', organizationId)
  if (identifier) {
    query = query.where('id', 'in', (eb) =>
      eb
        .selectFrom('identity_identifiers')
        .select('identity_id')
        .where((row) =>
          row.or(
            identifier.map(({ types, text }) =>
              row.and([row('credential_type', 'in', [...types]), row('identifier', '=', text)]),
            ),
          ),
        ),
    )
  }
  if (identifierPrefix) {
    query = query.where('id', 'in', (eb) =>
      eb
        .selectFrom('identity_identifiers')
        .select('identity_id')
        .where((row) =>
          row.or(
            identifierPrefix.map(({ types, text }) =>
              row.and([
                row('credential_type', 'in', [...types]),
                startsWith(ctx.capabilities, row, 'identifier', text),
              ]),
            ),
          ),
        ),
    )
  }
  return query
}
