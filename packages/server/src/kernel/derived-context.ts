import type { Actor, Context } from './context.ts'

/** A context that inherits all other members by prototype, which is cheaper than a copy. */
export function deriveContext(ctx: Context, own: Partial<Context>): Context {
  return Object.assign(Object.create(ctx), own)
}

/** The context with an actor. */
export function actingAs(ctx: Context, actor: Actor): Context {
  return deriveContext(ctx, { actor })
}
