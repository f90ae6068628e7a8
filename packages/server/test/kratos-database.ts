import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Database } from '../src/db/index.ts'

/** As Kratos's migrations leave the tables, without what is not read, and without their indices. */
const tables = (version: '1.3' | '26.2') => [
  'create table networks (id uuid not null primary key)',
  `create table identities (id uuid not null primary key, nid uuid not null, schema_id varchar(2048) not null,
    traits jsonb not null, state varchar(255) not null, state_changed_at timestamp, metadata_public jsonb,
    metadata_admin jsonb, organization_id uuid, ${version === '26.2' ? 'external_id varchar(64),' : ''}
    created_at timestamp not null, updated_at timestamp not null)`,
  'create table identity_credential_types (id uuid not null primary key, name varchar(32) not null)',
  `create table identity_credentials (id uuid not null primary key, nid uuid not null, identity_id uuid not null,
    identity_credential_type_id uuid not null, config jsonb not null, version integer not null,
    created_at timestamp not null, updated_at timestamp not null)`,
  `create table identity_credential_identifiers (id uuid not null primary key, nid uuid not null,
    identity_credential_id uuid not null, identifier varchar(255) not null)`,
  `create table identity_verifiable_addresses (id uuid not null primary key, nid uuid not null,
    identity_id uuid not null, via varchar(16) not null, value varchar(400) not null, verified boolean not null,
    status varchar(16) not null, verified_at timestamp, created_at timestamp not null, updated_at timestamp not null)`,
  `create table identity_recovery_addresses (id uuid not null primary key, nid uuid not null,
    identity_id uuid not null, via varchar(16) not null, value varchar(400) not null, created_at timestamp not null,
    updated_at timestamp not null)`,
  `create table sessions (id uuid not null primary key, nid uuid not null, identity_id uuid not null,
    token varchar(39), active boolean, aal varchar(4) not null, authentication_methods jsonb,
    authenticated_at timestamp not null, issued_at timestamp not null, expires_at timestamp not null)`,
  `create table session_devices (id uuid not null primary key, nid uuid not null, session_id uuid not null,
    ip_address varchar(50), user_agent varchar(512), location varchar(512), created_at timestamp not null)`,
  `create table courier_messages (id uuid not null primary key, nid uuid not null, type integer not null,
    status integer not null, recipient varchar(255) not null, subject varchar(255) not null,
    template_type varchar(255) not null, channel varchar(32), send_count integer not null,
    created_at timestamp not null, updated_at timestamp not null)`,
  `create table courier_message_dispatches (id uuid not null primary key, nid uuid not null,
    message_id uuid not null, status varchar(7) not null, error jsonb, created_at timestamp not null,
    updated_at timestamp not null)`,
]

const at = '2026-01-02 03:04:05.678900'

interface Target extends Pick<Database, 'unscoped'> {
  capabilities: { dialect: 'sqlite' | 'postgres' | 'mysql' }
}

/** The types of columns that Kratos has on MySQL. */
const mysqlTypes = (table: string) =>
  table.replace(/\b(uuid|jsonb|timestamp)\b/g, (type) => ({ uuid: 'char(36)', jsonb: 'json' })[type] ?? 'datetime')

/** A database with the tables of Kratos, and functions that fill it. */
export async function openKratosDatabase(database: Target, version: '1.3' | '26.2') {
  const run = (text: string, values: readonly unknown[]) => {
    const parts = text.split('?')
    const query = parts
      .slice(1)
      .reduce((sum, part, i) => sql`${sum}${values[i]}${sql.raw(part)}`, sql.raw(parts[0] ?? ''))
    return query.execute(database.unscoped)
  }
  async function insert(table: string, row: Record<string, unknown>): Promise<void> {
    const names = Object.keys(row)
    await run(
      `insert into ${table} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`,
      Object.values(row),
    )
  }
  const typed = database.capabilities.dialect === 'mysql' ? mysqlTypes : (table: string) => table
  for (const table of tables(version)) await run(typed(table), [])
  const types = new Map<string, string>()
  const typeId = async (name: string) => {
    const id = types.get(name) ?? randomUUID()
    if (!types.has(name)) await insert('identity_credential_types', { id, name })
    types.set(name, id)
    return id
  }
  return {
    run,
    async network(): Promise<string> {
      const nid = randomUUID()
      await insert('networks', { id: nid })
      return nid
    },
    async identity(nid: string, email: string, more: Record<string, unknown> = {}): Promise<string> {
      const id = randomUUID()
      const times = { created_at: at, updated_at: at }
      const traits = JSON.stringify({ email })
      await insert('identities', { id, nid, schema_id: 'person', traits, state: 'active', ...times, ...more })
      const address = { nid, identity_id: id, via: 'email', value: email, ...times }
      await insert('identity_verifiable_addresses', {
        ...{ id: randomUUID(), verified: database.capabilities.dialect === 'sqlite' ? 1 : true },
        ...{ status: 'completed', verified_at: at, ...address },
      })
      await insert('identity_recovery_addresses', { id: randomUUID(), ...address })
      return id
    },
    async identitiesWithoutAddresses(nid: string, count: number): Promise<void> {
      const rows = Array.from({ length: count }, (_, n) => [randomUUID(), nid, `{"name":"${n}"}`])
      const places = rows.map(() => `(?, ?, 'person', ?, 'active', '${at}', '${at}')`).join(', ')
      const columns = 'id, nid, schema_id, traits, state, created_at, updated_at'
      await run(`insert into identities (${columns}) values ${places}`, rows.flat())
    },
    async credential(
      [nid, identityId]: [string, string],
      type: string,
      { config, identifiers, version: number = 0 }: { config: object; identifiers: string[]; version?: number },
    ): Promise<void> {
      const id = randomUUID()
      await insert('identity_credentials', {
        ...{ id, nid, identity_id: identityId, identity_credential_type_id: await typeId(type) },
        ...{ config: JSON.stringify(config), version: number, created_at: at, updated_at: at },
      })
      for (const identifier of identifiers) {
        const row = { id: randomUUID(), nid, identity_credential_id: id, identifier }
        await insert('identity_credential_identifiers', row)
      }
    },
    async session(nid: string, identityId: string, token: string | null): Promise<string> {
      const id = randomUUID()
      const methods = [{ method: 'password', aal: 'aal1', completed_at: '2026-01-02T03:04:05.6789Z' }]
      await insert('sessions', {
        ...{ id, nid, identity_id: identityId, token, aal: 'aal1', authentication_methods: JSON.stringify(methods) },
        active: database.capabilities.dialect === 'sqlite' ? 1 : true,
        ...{ authenticated_at: at, issued_at: at, expires_at: '2099-01-01 00:00:00' },
      })
      const device = { ip_address: '192.0.2.7:4711', user_agent: 'Harbour/1', location: '' }
      await insert('session_devices', { id: randomUUID(), nid, session_id: id, ...device, created_at: at })
      return id
    },
    async message(nid: string, status: 1 | 2 | 3 | 4): Promise<string> {
      const id = randomUUID()
      await insert('courier_messages', {
        ...{ id, nid, type: 1, status, recipient: 'ada@harbour.example', subject: 'Welcome' },
        ...{
          template_type: 'verification_code_valid',
          channel: 'email',
          send_count: 1,
          created_at: at,
          updated_at: at,
        },
      })
      const dispatch = { status: 'success', created_at: at, updated_at: at }
      await insert('courier_message_dispatches', { id: randomUUID(), nid, message_id: id, ...dispatch })
      return id
    },
  }
}
