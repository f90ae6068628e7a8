import type { Actor, Context } from './context.ts'
import { actingAs } from './derived-context.ts'

/** The headers of a call, over HTTP or gRPC. */
export interface Caller {
  header(name: string): string | undefined
}

/** Gives the context in which a caller acts; throws unless the caller may use what is not public. */
export type Authorize = (ctx: Context, caller: Caller) => Promise<Context>

/**
 * The context in which the callers of an operation act: anonymously where it is public, otherwise as `authorize` says.
 * Without it no token is required, and whoever reaches the listener is an administrator.
 */
export function callerContext(
  isPublic: boolean,
  authorize: Authorize | undefined,
): (ctx: Context, caller: Caller) => Promise<Context> | Context {
  if (isPublic) return asAnonymous
  return authorize ?? asAdministrator
}

const asAnonymous = actingAlways({ type: 'anonymous' })
const asAdministrator = actingAlways({ type: 'administrator' })

/** Derives the context of an actor that is the same in all requests: once for each project. */
function actingAlways(actor: Actor): (ctx: Context) => Context {
  const contexts = new WeakMap<Context, Context>()
  return (ctx) => {
    let acting = contexts.get(ctx)
    if (!acting) {
      acting = actingAs(ctx, actor)
      contexts.set(ctx, acting)
    }
    return acting
  }
}
