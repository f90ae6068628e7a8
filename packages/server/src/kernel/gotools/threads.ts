import { loadModule } from './module.ts'
import { openThread, type Thread } from './thread.ts'

/** The thread in use, and one that takes its place at once. Both are started at the first evaluation. */
let active: Thread | undefined
let spare: Thread | undefined

/** A thread that is ready. */
export async function currentThread(): Promise<Thread> {
  const module = await loadModule()
  if (!active?.isAlive()) active = spare?.isAlive() ? spare : openThread(module)
  if (active === spare) spare = undefined
  const thread = active
  await thread.whenReady()
  if (!spare?.isAlive()) spare = openThread(module)
  return thread
}

/** Stops the current thread, which was interrupted, has ended, or holds much memory. */
export function replaceThread(): void {
  active?.stop()
  active = undefined
}
