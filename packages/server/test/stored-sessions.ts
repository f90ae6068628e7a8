import { identityRoutes } from '../src/identity/index.ts'
import type { Context } from '../src/kernel/context.ts'
import { tokenHash } from '../src/kernel/keys.ts'
import { sessionRoutes } from '../src/session/index.ts'
import { fromRow, type Session } from '../src/session/record.ts'
import * as store from '../src/session/store.ts'
import { openTestApp, type TestProject } from './app.ts'

export const hourMs = 3_600_000

/** One database whose projects get identities and sessions without any flow. */
export async function openSessions(dsn: string) {
  const app = await openTestApp(dsn, [...identityRoutes, ...sessionRoutes])
  let counter = 0

  /** Gives the id of a new identity. */
  async function person(at: TestProject): Promise<string> {
    const json = { schema_id: 'person', traits: { email: `p${++counter}@harbour.example` } }
    return (await at.call('POST', '/admin/identities', { json })).body.id
  }

  /** Stores a session that lasts an hour, with `t` and its id as its token. */
  async function session(at: TestProject, identityId: string, changes: Partial<Session> = {}): Promise<Session> {
    const now = app.clock.now()
    const made: Session = {
      id: at.ctx.random.orderedUuid(),
      identityId,
      active: true,
      aal: 'aal1',
      authenticatedAt: now,
      issuedAt: now,
      expiresAt: now + hourMs,
      methods: [{ method: 'password', aal: 'aal1', completed_at: new Date(now).toISOString() }],
      devices: [{ id: at.ctx.random.uuid(), ip_address: '127.0.0.1', user_agent: 'test', location: '' }],
      ...changes,
    }
    await store.insertSession(at.ctx, made, tokenHash(tokenOf(made)))
    return made
  }
  return { ...app, person, session }
}

export function tokenOf({ id }: Pick<Session, 'id'>): string {
  return `t${id}`
}

/** A session as it is stored. */
export async function storedSession(ctx: Context, id: string): Promise<Session | undefined> {
  const row = await store.findListed(ctx, id)
  return row && fromRow(row)
}

/** The names and attributes of the events of a project, in their order. */
export async function eventsOf({ db }: Context): Promise<[name: string, attributes: Record<string, unknown>][]> {
  const rows = await db.selectFrom('events').select(['name', 'attributes']).orderBy('id').execute()
  return rows.map(({ name, attributes }) => [name, JSON.parse(attributes)])
}
