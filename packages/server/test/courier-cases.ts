import * as courierReseal from '../src/courier/reseal-store.ts'
import * as courier from '../src/courier/store.ts'
import type { Context } from '../src/kernel/context.ts'
import { dispatch, type fill } from './filled-project.ts'

type Held = Pick<Awaited<ReturnType<typeof fill>>, 'message'>

const far = Date.UTC(2100, 0, 1)
const page = { size: 100 }

/** For every function of the courier's stores: what finds or changes a message of a filled project. */
export const courierCases = {
  'courier/reseal-store.ts': {
    module: courierReseal,
    cases: { resealMessages: (ctx: Context) => courierReseal.resealMessages(ctx, { after: '', limit: 10 }) },
  },
  'courier/store.ts': {
    module: courier,
    cases: {
      insertMessage: (ctx: Context, { message }: Held) =>
        courier.insertMessage(ctx, { ...message, subject: 'another' }),
      claimMessages: (ctx: Context) => courier.claimMessages(later(ctx), { holder: 'other', limit: 100, until: far }),
      renewClaim: (ctx: Context) => courier.renewClaim(ctx, { holder: 'us', until: far }),
      settleMessage: (ctx: Context, { message }: Held) =>
        courier.settleMessage(
          ctx,
          { id: message.id, holder: 'us', dispatch: dispatch(message.id) },
          { status: 'abandoned' },
        ),
      listMessages: (ctx: Context) => courier.listMessages(ctx, {}, page),
      findMessage: (ctx: Context, { message }: Held) => courier.findMessage(ctx, message.id),
      listDispatches: (ctx: Context, { message }: Held) => courier.listDispatches(ctx, message.id),
      removeSettledMessages: (ctx: Context) => courier.removeSettledMessages(ctx, far, 100),
    },
  },
}

function later(ctx: Context): Context {
  return { ...ctx, clock: { ...ctx.clock, now: () => ctx.clock.now() + 1000 } }
}
