import { type ColumnDefinitionBuilder, type CreateTableBuilder, type Kysely, type Migration, sql } from 'kysely'
import type { Capabilities } from '../../kernel/context.ts'

type Db = Kysely<unknown>
type Table = CreateTableBuilder<string, string>
const notNull = (column: ColumnDefinitionBuilder) => column.notNull()

/**
 * Identities, sessions, flows, codes, mail, tokens. Times are milliseconds since the Unix epoch; documents are JSON
 * text.
 */
export function foundation(capabilities: Capabilities): Migration {
  return {
    async up(db: Db) {
      await installation(db)
      const scoped = [
        ...(await identities(db)),
        ...(await sessions(db)),
        ...(await flows(db)),
        ...(await courier(db)),
        ...(await tokens(db)),
      ]
      if (capabilities.dialect === 'postgres') for (const table of scoped) await secure(db, table)
    },
  }
}

/** Tables that belong to no project. */
async function installation(db: Db): Promise<void> {
  await db.schema
    .createTable('installation')
    .addColumn('name', 'text', (c) => c.primaryKey().notNull())
    .addColumn('value', 'text', notNull)
    .execute()
  await db.schema
    .createTable('leases')
    .addColumn('name', 'text', (c) => c.primaryKey().notNull())
    .addColumn('holder', 'text', notNull)
    .addColumn('expires_at', 'bigint', notNull)
    .execute()
  await db.schema
    .createTable('projects')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('slug', 'text', (c) => c.notNull().unique())
    .addColumn('name', 'text', notNull)
    .addColumn('created_at', 'bigint', notNull)
    .addColumn('updated_at', 'bigint', notNull)
    .execute()
}

async function identities(db: Db): Promise<string[]> {
  await project(db, 'identities')
    .addColumn('schema_id', 'text', notNull)
    .addColumn('state', 'text', notNull)
    .addColumn('external_id', 'text')
    .addColumn('organization_id', 'text')
    .addColumn('document', 'text', notNull)
    .addColumn('metadata_admin', 'text')
    .addColumn('credentials', 'text', notNull)
    .addColumn('second_factors', 'text', notNull)
    .addColumn('created_at', 'bigint', notNull)
    .addColumn('updated_at', 'bigint', notNull)
    .addPrimaryKeyConstraint('identities_pk', ['project_id', 'id'])
    .addUniqueConstraint('identities_external_id', ['project_id', 'external_id'])
    .execute()
  await db.schema
    .createIndex('identities_organization')
    .on('identities')
    .columns(['project_id', 'organization_id', 'id'])
    .execute()

  await project(db, 'identity_identifiers', false)
    .addColumn('credential_type', 'text', notNull)
    .addColumn('identifier', 'text', notNull)
    .addColumn('identity_id', 'text', notNull)
    .addPrimaryKeyConstraint('identity_identifiers_pk', ['project_id', 'credential_type', 'identifier'])
    .addForeignKeyConstraint(
      'identity_identifiers_identity',
      ['project_id', 'identity_id'],
      'identities',
      ['project_id', 'id'],
      (f) => f.onDelete('cascade'),
    )
    .execute()
  await db.schema
    .createIndex('identity_identifiers_identity_idx')
    .on('identity_identifiers')
    .columns(['project_id', 'identity_id'])
    .execute()
  await db.schema
    .createIndex('identity_identifiers_identifier_idx')
    .on('identity_identifiers')
    .columns(['project_id', 'identifier'])
    .execute()

  await project(db, 'identity_addresses', false)
    .addColumn('kind', 'text', notNull)
    .addColumn('via', 'text', notNull)
    .addColumn('value', 'text', notNull)
    .addColumn('identity_id', 'text', notNull)
    .addPrimaryKeyConstraint('identity_addresses_pk', ['project_id', 'kind', 'via', 'value'])
    .addForeignKeyConstraint(
      'identity_addresses_identity',
      ['project_id', 'identity_id'],
      'identities',
      ['project_id', 'id'],
      (f) => f.onDelete('cascade'),
    )
    .execute()
  await db.schema
    .createIndex('identity_addresses_identity_idx')
    .on('identity_addresses')
    .columns(['project_id', 'identity_id'])
    .execute()
  return ['identities', 'identity_identifiers', 'identity_addresses']
}

async function sessions(db: Db): Promise<string[]> {
  await project(db, 'sessions')
    .addColumn('identity_id', 'text', notNull)
    .addColumn('token_hash', 'text', notNull)
    .addColumn('logout_token_hash', 'text', notNull)
    .addColumn('active', 'integer', notNull)
    .addColumn('aal', 'text', notNull)
    .addColumn('authenticated_at', 'bigint', notNull)
    .addColumn('issued_at', 'bigint', notNull)
    .addColumn('expires_at', 'bigint', notNull)
    .addColumn('methods', 'text', notNull)
    .addColumn('devices', 'text', notNull)
    .addPrimaryKeyConstraint('sessions_pk', ['project_id', 'id'])
    .addUniqueConstraint('sessions_token', ['project_id', 'token_hash'])
    .addUniqueConstraint('sessions_logout_token', ['project_id', 'logout_token_hash'])
    .addForeignKeyConstraint(
      'sessions_identity',
      ['project_id', 'identity_id'],
      'identities',
      ['project_id', 'id'],
      (f) => f.onDelete('cascade'),
    )
    .execute()
  await db.schema
    .createIndex('sessions_identity_idx')
    .on('sessions')
    .columns(['project_id', 'identity_id', 'id'])
    .execute()
  await db.schema.createIndex('sessions_expiry').on('sessions').columns(['expires_at']).execute()
  return ['sessions']
}

async function flows(db: Db): Promise<string[]> {
  await project(db, 'flows')
    .addColumn('type', 'text', notNull)
    .addColumn('data', 'text', notNull)
    .addColumn('attempts', 'integer', notNull)
    .addColumn('expires_at', 'bigint', notNull)
    .addPrimaryKeyConstraint('flows_pk', ['project_id', 'id'])
    .execute()
  await db.schema.createIndex('flows_expiry').on('flows').columns(['expires_at']).execute()

  await project(db, 'codes')
    .addColumn('flow_id', 'text')
    .addColumn('purpose', 'text', notNull)
    .addColumn('hash', 'text', notNull)
    .addColumn('identity_id', 'text')
    .addColumn('via', 'text', notNull)
    .addColumn('address', 'text', notNull)
    .addColumn('expires_at', 'bigint', notNull)
    .addColumn('used_at', 'bigint')
    .addPrimaryKeyConstraint('codes_pk', ['project_id', 'id'])
    .addForeignKeyConstraint('codes_identity', ['project_id', 'identity_id'], 'identities', ['project_id', 'id'], (f) =>
      f.onDelete('cascade'),
    )
    .execute()
  await db.schema.createIndex('codes_hash').on('codes').columns(['project_id', 'hash']).execute()
  await db.schema.createIndex('codes_flow').on('codes').columns(['project_id', 'flow_id']).execute()
  await db.schema.createIndex('codes_identity_idx').on('codes').columns(['project_id', 'identity_id']).execute()
  await db.schema.createIndex('codes_expiry').on('codes').columns(['expires_at']).execute()

  await project(db, 'flow_errors')
    .addColumn('error', 'text', notNull)
    .addColumn('created_at', 'bigint', notNull)
    .addPrimaryKeyConstraint('flow_errors_pk', ['project_id', 'id'])
    .execute()
  await db.schema.createIndex('flow_errors_age').on('flow_errors').columns(['created_at']).execute()

  await project(db, 'session_exchanges')
    .addColumn('flow_id', 'text', notNull)
    .addColumn('init_hash', 'text', notNull)
    .addColumn('return_to_hash', 'text', notNull)
    .addColumn('session_id', 'text')
    .addColumn('sealed_token', 'text')
    .addColumn('expires_at', 'bigint', notNull)
    .addPrimaryKeyConstraint('session_exchanges_pk', ['project_id', 'id'])
    .addUniqueConstraint('session_exchanges_init', ['project_id', 'init_hash'])
    .execute()
  await db.schema
    .createIndex('session_exchanges_flow')
    .on('session_exchanges')
    .columns(['project_id', 'flow_id'])
    .execute()
  await db.schema.createIndex('session_exchanges_expiry').on('session_exchanges').columns(['expires_at']).execute()
  return ['flows', 'codes', 'flow_errors', 'session_exchanges']
}

async function courier(db: Db): Promise<string[]> {
  await project(db, 'courier_messages')
    .addColumn('type', 'text', notNull)
    .addColumn('status', 'text', notNull)
    .addColumn('recipient', 'text', notNull)
    .addColumn('subject', 'text', notNull)
    .addColumn('body', 'text', notNull)
    .addColumn('html', 'text')
    .addColumn('template_type', 'text', notNull)
    .addColumn('template_data', 'text')
    .addColumn('channel', 'text')
    .addColumn('send_count', 'integer', notNull)
    .addColumn('next_attempt_at', 'bigint', notNull)
    .addColumn('claimed_by', 'text')
    .addColumn('created_at', 'bigint', notNull)
    .addColumn('updated_at', 'bigint', notNull)
    .addPrimaryKeyConstraint('courier_messages_pk', ['project_id', 'id'])
    .execute()
  await db.schema
    .createIndex('courier_messages_due')
    .on('courier_messages')
    .columns(['status', 'next_attempt_at'])
    .execute()
  await db.schema
    .createIndex('courier_messages_age')
    .on('courier_messages')
    .columns(['project_id', 'created_at'])
    .execute()
  await db.schema
    .createIndex('courier_messages_recipient')
    .on('courier_messages')
    .columns(['project_id', 'recipient'])
    .execute()

  await project(db, 'courier_dispatches')
    .addColumn('message_id', 'text', notNull)
    .addColumn('status', 'text', notNull)
    .addColumn('error', 'text')
    .addColumn('created_at', 'bigint', notNull)
    .addColumn('updated_at', 'bigint', notNull)
    .addPrimaryKeyConstraint('courier_dispatches_pk', ['project_id', 'id'])
    .addForeignKeyConstraint(
      'courier_dispatches_message',
      ['project_id', 'message_id'],
      'courier_messages',
      ['project_id', 'id'],
      (f) => f.onDelete('cascade'),
    )
    .execute()
  await db.schema
    .createIndex('courier_dispatches_message_idx')
    .on('courier_dispatches')
    .columns(['project_id', 'message_id'])
    .execute()
  return ['courier_messages', 'courier_dispatches']
}

async function tokens(db: Db): Promise<string[]> {
  await project(db, 'project_tokens')
    .addColumn('name', 'text', notNull)
    .addColumn('token_hash', 'text', notNull)
    .addColumn('created_at', 'bigint', notNull)
    .addPrimaryKeyConstraint('project_tokens_pk', ['project_id', 'id'])
    .addUniqueConstraint('project_tokens_hash', ['project_id', 'token_hash'])
    .execute()
  return ['project_tokens']
}

function project(db: Db, name: string, withId = true): Table {
  const table: Table = db.schema.createTable(name).addColumn('project_id', 'text', notNull)
  return withId ? table.addColumn('id', 'text', notNull) : table
}

/** Row-level security as a second line of defense: a connection bound to a project cannot see the rows of others. */
export async function secure(db: Db, table: string): Promise<void> {
  const name = sql.table(table)
  await sql`alter table ${name} enable row level security`.execute(db)
  await sql`alter table ${name} force row level security`.execute(db)
  await sql`create policy project_rows on ${name} using (current_setting('latchkey.project_id', true) in (project_id, '*'))`.execute(
    db,
  )
}
