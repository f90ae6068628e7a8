import type { Actor, Context } from './context.ts'
import { actingAs } from './derived-context.ts'

/** The headers of a call, over HTTP or gRPC. */
export interface Caller {
  header(name: string): string | undefined
}

/** Returns the context in which a caller acts. Throws unless the caller may use non-public operations. */
export type Authorize = (ctx: Context, caller: Caller) => Promise<Context>

/**
 * The context in which the callers of an operation act: anonymous for public operations, otherwise the result of
 * `authorize`. Without `authorize` no token is required, and every caller acts as administrator.
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

/** Derives the context of an actor that is the same for all requests, once per project. */
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
