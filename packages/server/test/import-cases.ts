import * as courierImport from '../src/courier/import-store.ts'
import * as identityImport from '../src/identity/import-store.ts'
import type { Context } from '../src/kernel/context.ts'
import * as sessionImport from '../src/session/import-store.ts'
import { toRow } from '../src/session/record.ts'
import { dispatch, type fill } from './filled-project.ts'
import { refused } from './selfservice-cases.ts'

type Held = Pick<Awaited<ReturnType<typeof fill>>, 'person' | 'session' | 'message'>

/** For every function of the stores of imports: what finds or adds something in a filled project. */
export const importCases = {
  'identity/import-store.ts': {
    module: identityImport,
    cases: {
      storedIdentities: async (ctx: Context, { person }: Held) =>
        (await identityImport.storedIdentities(ctx, [person.document.id])).length,
    },
  },
  'session/import-store.ts': {
    module: sessionImport,
    cases: {
      insertNewSessions: (ctx: Context, { session }: Held) =>
        refused(sessionImport.insertNewSessions(ctx, [{ ...toRow(session, 'other'), id: ctx.random.uuid() }])),
      storedSessions: async (ctx: Context, { session }: Held) =>
        (await sessionImport.storedSessions(ctx, [session.id])).length,
    },
  },
  'courier/import-store.ts': {
    module: courierImport,
    cases: {
      insertNewMessages: async (ctx: Context, { message }: Held) =>
        void (await courierImport.insertNewMessages(ctx, [{ ...message, id: ctx.random.uuid() }])),
      insertNewDispatches: (ctx: Context, { message }: Held) =>
        refused(courierImport.insertNewDispatches(ctx, [{ ...dispatch(message.id), id: ctx.random.uuid() }])),
      countStored: async (ctx: Context, { message }: Held) =>
        (await courierImport.countStored(ctx, 'courier_messages', [message])) +
        (await courierImport.countStored(ctx, 'courier_dispatches', [dispatch(message.id)])),
    },
  },
}
