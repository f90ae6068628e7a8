import type { Actor, Context } from './context.ts'

/** A context that inherits everything but what is given, which costs less than a copy. */
export function deriveContext(ctx: Context, own: Partial<Context>): Context {
  return Object.assign(Object.create(ctx), own)
}

/** The same context for what somebody does. */
export function actingAs(ctx: Context, actor: Actor): Context {
  return deriveContext(ctx, { actor })
}
