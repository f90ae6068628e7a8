import type { Context } from './context.ts'

/** A project that may have to be loaded first; undefined where there is none. */
export type MaybeLoaded = Context | undefined | Promise<Context | undefined>

/** Finds the project that a `Host` header stands for: at once where it is loaded, so that nobody waits in vain. */
export type ContextLookup = (host: string | undefined) => MaybeLoaded

/** The project if it is loaded already, for what cannot wait. */
export function ifLoaded(found: MaybeLoaded): Context | undefined {
  return found instanceof Promise ? undefined : found
}
