import type { Actor, Context } from './context.ts'

/** A context that inherits everything but what is given, which costs less than a copy. */
export function deriveContext(ctx: Context, own: Partial<Context>): Context {
  return Object.assign(Object.create(ctx), own)
}

/** The same context for what somebody does. */
export function actingAs(ctx: Context, actor: Actor): Context {
  return deriveContext(ctx, { actor })
}

const byActor = new WeakMap<Actor, WeakMap<Context, Context>>()

/** The same where the actor is one object for many requests: derived once for each project. */
export function actingAsShared(ctx: Context, actor: Actor): Context {
  let derived = byActor.get(actor)
  if (!derived) {
    derived = new WeakMap()
    byActor.set(actor, derived)
  }
  let acting = derived.get(ctx)
  if (!acting) {
    acting = actingAs(ctx, actor)
    derived.set(ctx, acting)
  }
  return acting
}

export const anonymous: Actor = { type: 'anonymous' }
export const administrator: Actor = { type: 'administrator' }
