import type { Context } from './context.ts'

/** A project that may still have to be loaded; undefined if there is none. */
export type MaybeLoaded = Context | undefined | Promise<Context | undefined>

/** Finds the project of a `Host` header; synchronously if it is already loaded. */
export type ContextLookup = (host: string | undefined) => MaybeLoaded

/** The project if it is already loaded, for synchronous callers. */
export function ifLoaded(found: MaybeLoaded): Context | undefined {
  if (!(found instanceof Promise)) return found
  // Its failure is reported to those who wait for it.
  found.catch(() => {})
  return undefined
}
