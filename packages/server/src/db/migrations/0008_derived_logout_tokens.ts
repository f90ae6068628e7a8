import { type Kysely, type Migration, sql } from 'kysely'
import type { Capabilities } from '../../kernel/context.ts'

const kept = [
  ...['project_id', 'id', 'identity_id', 'token_hash', 'active', 'aal', 'authenticated_at', 'issued_at', 'expires_at'],
  ...['methods', 'devices'],
]

/** Logout tokens are derived from the id of the session, so that they are not stored. */
export function derivedLogoutTokens({ dialect }: Capabilities): Migration {
  return {
    async up(db: Kysely<unknown>) {
      if (dialect === 'postgres') await sql`alter table sessions drop column logout_token_hash`.execute(db)
      else await rebuildSessions(db)
    },
  }
}

/** SQLite cannot drop a column that has a unique constraint. */
async function rebuildSessions(db: Kysely<unknown>): Promise<void> {
  await sql`create table sessions_next (
    project_id text not null,
    id text not null,
    identity_id text not null,
    token_hash text not null,
    active integer not null,
    aal text not null,
    authenticated_at bigint not null,
    issued_at bigint not null,
    expires_at bigint not null,
    methods text not null,
    devices text not null,
    constraint sessions_pk primary key (project_id, id),
    constraint sessions_token unique (project_id, token_hash),
    constraint sessions_identity foreign key (project_id, identity_id)
      references identities (project_id, id) on delete cascade
  )`.execute(db)
  const columns = sql.join(kept.map((name) => sql.ref(name)))
  await sql`insert into sessions_next (${columns}) select ${columns} from sessions`.execute(db)
  await sql`drop table sessions`.execute(db)
  await sql`alter table sessions_next rename to sessions`.execute(db)
  await sql`create index sessions_identity_idx on sessions (project_id, identity_id, id)`.execute(db)
  await sql`create index sessions_expiry on sessions (expires_at)`.execute(db)
}
