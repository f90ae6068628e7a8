import { type Kysely, type Migration, sql } from 'kysely'
import { normalizeAddress, normalizeIdentifier } from '../../kernel/address.ts'
import type { Capabilities } from '../../kernel/context.ts'

interface Identity {
  project_id: string
  id: string
  document: string
  credentials: string
}
interface Identifier {
  project_id: string
  identity_id: string
  credential_type: string
  identifier: string
}
interface Address {
  project_id: string
  identity_id: string
  kind: string
  via: string
  value: string
}
type Db = Kysely<{ identities: Identity; identity_identifiers: Identifier; identity_addresses: Address }>

const batchSize = 500

/**
 * Stores identifiers and addresses in the form in which they are looked up: phone numbers in E.164, texts without
 * characters that are not shown. If another identity has that form already, the stored one stays as it is.
 */
export function comparableAddresses({ dialect }: Capabilities): Migration {
  return {
    async up(db: Db) {
      for (let after: Pick<Identity, 'project_id' | 'id'> | undefined = { project_id: '', id: '' }; after; ) {
        const rows: Identity[] = await db
          .selectFrom('identities')
          .select(['project_id', 'id', 'document', 'credentials'])
          .where(sql<boolean>`(project_id, id) > (${after.project_id}, ${after.id})`)
          .where(mayChange(dialect))
          .orderBy('project_id')
          .orderBy('id')
          .limit(batchSize)
          .execute()
        for (const row of rows) await migrateIdentity(db, row)
        after = rows.at(-1)
      }
    },
  }
}

/** Most identities have only ASCII addresses and no phone number. */
function mayChange(dialect: Capabilities['dialect']) {
  const unusual = (column: 'identifier' | 'value') =>
    dialect === 'postgres'
      ? sql<boolean>`${sql.ref(column)} ~ '^[+(]|^tel:|[^ -~]'`
      : sql<boolean>`(${sql.ref(column)} glob '[+(]*' or ${sql.ref(column)} glob 'tel:*' or ${sql.ref(column)} glob '*[^ -~]*')`
  const own = sql`project_id = identities.project_id and identity_id = identities.id`
  return sql<boolean>`(exists (select 1 from identity_identifiers where ${own} and ${unusual('identifier')})
    or exists (select 1 from identity_addresses where ${own} and ${unusual('value')}))`
}

/** The credential types whose identifiers come from traits. */
const typesFromTraits = ['password', 'code']

async function migrateIdentity(db: Db, { project_id, id, document, credentials }: Identity): Promise<void> {
  const changes = [...(await moveIdentifiers(db, { project_id, id })), ...(await moveAddresses(db, { project_id, id }))]
  if (changes.length === 0) return
  const of = (kind: string) => new Map(changes.filter((one) => one.kind === kind).map(({ from, to }) => [from, to]))
  await db
    .updateTable('identities')
    .set({
      document: JSON.stringify(withAddresses(JSON.parse(document), of)),
      credentials: JSON.stringify(withIdentifiers(JSON.parse(credentials), of)),
    })
    .where('project_id', '=', project_id)
    .where('id', '=', id)
    .execute()
}

/** A value that is stored in another form from now on; `kind` is a credential type, or `verification` or `recovery`. */
interface Change {
  kind: string
  from: string
  to: string
}

async function moveIdentifiers(db: Db, { project_id, id }: Pick<Identity, 'project_id' | 'id'>): Promise<Change[]> {
  const rows = await db
    .selectFrom('identity_identifiers')
    .select(['credential_type', 'identifier'])
    .where('project_id', '=', project_id)
    .where('identity_id', '=', id)
    .where('credential_type', 'in', typesFromTraits)
    .execute()
  const changes: Change[] = []
  for (const { credential_type, identifier: from } of rows) {
    const to = normalizeText(from, normalizeIdentifier)
    const at = {
      table: 'identity_identifiers',
      column: 'identifier',
      key: { project_id, credential_type },
      id,
    } as const
    if (await move(db, at, { from, to })) changes.push({ kind: credential_type, from, to })
  }
  return changes
}

async function moveAddresses(db: Db, { project_id, id }: Pick<Identity, 'project_id' | 'id'>): Promise<Change[]> {
  const rows = await db
    .selectFrom('identity_addresses')
    .select(['kind', 'via', 'value'])
    .where('project_id', '=', project_id)
    .where('identity_id', '=', id)
    .execute()
  const changes: Change[] = []
  for (const { kind, via, value: from } of rows) {
    const to = normalizeText(from, (value) => normalizeAddress(via, value))
    const at = { table: 'identity_addresses', column: 'value', key: { project_id, kind, via }, id } as const
    if (await move(db, at, { from, to })) changes.push({ kind, from, to })
  }
  return changes
}

/** The rows of one kind of values, and the identity whose value is moved. */
interface Place {
  readonly table: 'identity_identifiers' | 'identity_addresses'
  readonly column: 'identifier' | 'value'
  readonly key: Record<string, string>
  readonly id: string
}

/** Gives a value another form, unless another identity has that form. Returns whether the value changed. */
async function move(db: Db, { table, column, key, id }: Place, { from, to }: Pick<Change, 'from' | 'to'>) {
  if (to === from) return false
  const rows = db as unknown as Kysely<Record<Place['table'], Record<string, string>>>
  const taken = await rows
    .selectFrom(table)
    .select('identity_id')
    .where((eb) => eb.and({ ...key, [column]: to }))
    .executeTakeFirst()
  if (taken && taken.identity_id !== id) return false
  await rows
    .deleteFrom(table)
    .where((eb) => eb.and({ ...key, [column]: from }))
    .execute()
  if (!taken)
    await rows
      .insertInto(table)
      .values({ ...key, [column]: to, identity_id: id })
      .execute()
  return true
}

/** A text that is longer than identifiers may be stays as it is. */
function normalizeText(text: string, normalize: (text: string) => string): string {
  try {
    return normalize(text)
  } catch {
    return text
  }
}

type Of = (kind: string) => ReadonlyMap<string, string>
interface Listed {
  value: string
}
interface Document {
  verifiable_addresses?: Listed[]
  recovery_addresses?: Listed[]
}

function withAddresses(document: Document, of: Of): Document {
  for (const one of document.verifiable_addresses ?? []) one.value = of('verification').get(one.value) ?? one.value
  for (const one of document.recovery_addresses ?? []) one.value = of('recovery').get(one.value) ?? one.value
  return document
}

interface Credential {
  identifiers: string[]
  config: { addresses?: { address: string }[] }
}

function withIdentifiers(credentials: Record<string, Credential>, of: Of): Record<string, Credential> {
  for (const type of typesFromTraits) {
    const credential = credentials[type]
    if (!credential) continue
    const changes = of(type)
    const changeOf = (text: string) => changes.get(text) ?? text
    credential.identifiers = [...new Set(credential.identifiers.map(changeOf))]
    for (const one of credential.config.addresses ?? []) one.address = changeOf(one.address)
  }
  return credentials
}
