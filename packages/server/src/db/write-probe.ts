import type { ProjectDatabase } from '../kernel/context.ts'

/** For how long a successful probe is reused, because anybody may ask for readiness. */
const reuseMs = 500

/** Checks that the database takes a write, which it does not while its disk is full. Concurrent callers share one probe. */
export function writeProbe(unscoped: ProjectDatabase): () => Promise<void> {
  let current: Promise<void> | undefined
  const forget = () => {
    current = undefined
  }
  return () => {
    current ??= probe(unscoped).then(
      () => void setTimeout(forget, reuseMs).unref(),
      (error: unknown) => {
        forget()
        throw error
      },
    )
    return current
  }
}

async function probe(unscoped: ProjectDatabase): Promise<void> {
  await unscoped
    .insertInto('leases')
    .values({ name: 'readiness', holder: '', expires_at: 0 })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ expires_at: 0 }))
    .execute()
}
