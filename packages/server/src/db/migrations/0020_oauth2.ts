import type { CreateTableBuilder, Kysely, Migration } from 'kysely'
import type { Capabilities } from '../../kernel/context.ts'
import { secure } from './0001_foundation.ts'

type Type = 'text' | 'bigint'

/** Clients, and what they are issued. */
export function oauth2({ dialect }: Capabilities): Migration {
  return {
    async up(db: Kysely<unknown>) {
      for (const { name, columns, key, indexes } of tables) {
        const start: CreateTableBuilder<string, string> = db.schema
          .createTable(name)
          .addColumn('project_id', 'text', (column) => column.notNull())
        const whole = Object.entries(columns).reduce((table, [column, type]) => {
          const isNullable = type.endsWith('?')
          return table.addColumn(column, type.replace('?', '') as Type, (one) => (isNullable ? one : one.notNull()))
        }, start)
        await whole.addPrimaryKeyConstraint(`${name}_pk`, ['project_id', ...key]).execute()
        for (const [index, { on, unique = false }] of Object.entries(indexes)) {
          const create = db.schema.createIndex(`${name}_${index}`).on(name).columns(on)
          await (unique ? create.unique() : create).execute()
        }
        if (dialect === 'postgres') await secure(db, name)
      }
    },
  }
}

interface Table {
  readonly name: string
  /** Types by column; a question mark means that it can be null. */
  readonly columns: Readonly<Record<string, `${Type}${'' | '?'}`>>
  readonly key: string[]
  readonly indexes: Readonly<Record<string, { on: string[]; unique?: true }>>
}

const expiry = { on: ['expires_at'] }
const family = { on: ['project_id', 'request_id'] }

const tables: readonly Table[] = [
  {
    name: 'oauth2_clients',
    columns: {
      id: 'text',
      name: 'text',
      owner: 'text',
      metadata: 'text',
      secret_hash: 'text',
      rotated_secret_hashes: 'text',
      registration_token_hash: 'text?',
      token_generation: 'bigint',
      created_at: 'bigint',
      updated_at: 'bigint',
    },
    key: ['id'],
    indexes: { owner: { on: ['project_id', 'owner', 'id'] }, name: { on: ['project_id', 'name', 'id'] } },
  },
  {
    name: 'oauth2_login_sessions',
    columns: {
      id: 'text',
      subject: 'text',
      authenticated_at: 'bigint',
      remember: 'bigint',
      identity_provider_session_id: 'text?',
      expires_at: 'bigint',
    },
    key: ['id'],
    indexes: { subject: { on: ['project_id', 'subject'] }, expiry },
  },
  {
    name: 'oauth2_forced_subjects',
    columns: { client_id: 'text', subject: 'text', obfuscated: 'text' },
    key: ['client_id', 'subject'],
    indexes: { obfuscated: { on: ['project_id', 'client_id', 'obfuscated'] } },
  },
  {
    name: 'oauth2_consents',
    columns: {
      id: 'text',
      flow_id: 'text',
      subject: 'text',
      client_id: 'text',
      login_session_id: 'text',
      flow: 'text',
      remember: 'bigint',
      skip: 'bigint',
      requested_at: 'bigint',
      expires_at: 'bigint?',
    },
    key: ['id'],
    indexes: {
      flow: { on: ['project_id', 'flow_id'], unique: true },
      subject: { on: ['project_id', 'subject', 'client_id', 'requested_at'] },
      session: { on: ['project_id', 'login_session_id'] },
      client: { on: ['project_id', 'client_id'] },
    },
  },
  {
    name: 'oauth2_codes',
    columns: {
      hash: 'text',
      request_id: 'text',
      client_id: 'text',
      sealed_data: 'text',
      used_at: 'bigint?',
      expires_at: 'bigint',
    },
    key: ['hash'],
    indexes: { family, expiry },
  },
  {
    name: 'oauth2_access_tokens',
    columns: { hash: 'text', request_id: 'text', client_id: 'text', sealed_data: 'text', expires_at: 'bigint' },
    key: ['hash'],
    indexes: { family, expiry },
  },
  {
    name: 'oauth2_refresh_tokens',
    columns: {
      hash: 'text',
      request_id: 'text',
      client_id: 'text',
      sealed_data: 'text',
      access_hash: 'text?',
      used_at: 'bigint?',
      used_times: 'bigint',
      sealed_response: 'text?',
      expires_at: 'bigint',
    },
    key: ['hash'],
    indexes: { family, client: { on: ['project_id', 'client_id'] }, expiry },
  },
  {
    name: 'oauth2_device_codes',
    columns: {
      hash: 'text',
      user_code_hash: 'text',
      request_id: 'text',
      client_id: 'text',
      request: 'text',
      sealed_grant: 'text?',
      expires_at: 'bigint',
    },
    key: ['hash'],
    indexes: {
      client: { on: ['project_id', 'client_id'] },
      user_code: { on: ['project_id', 'user_code_hash'], unique: true },
      family,
      expiry,
    },
  },
  {
    name: 'oauth2_logout_requests',
    columns: { hash: 'text', verifier_hash: 'text', sealed_data: 'text', state: 'text', expires_at: 'bigint' },
    key: ['hash'],
    indexes: { expiry },
  },
  {
    name: 'oauth2_jwt_ids',
    columns: { hash: 'text', expires_at: 'bigint' },
    key: ['hash'],
    indexes: { expiry },
  },
]
