import { resealMessages } from '../courier/index.ts'
import { type Database, findInstallationValue, setInstallationValue } from '../db/index.ts'
import { resealCredentials, resealMerges } from '../identity/index.ts'
import type { Job } from '../jobs/index.ts'
import { resealKeys } from '../jwk/index.ts'
import type { Installation } from '../kernel/installation.ts'
import { listProjectIds } from '../project/index.ts'

const batchSize = 200

type ResealingOptions = { readonly database: Database } & Pick<Installation, 'keys' | 'random' | 'log'>

/**
 * After a change of the secret, encrypts again what is stored for long. Then the older secrets are no longer needed:
 * what else was encrypted or signed with them expires.
 */
export function resealingJob(options: ResealingOptions): Job {
  return { name: 'reseal', everyMs: 60_000, run: (signal) => resealAll(options, signal) }
}

export async function resealAll({ database, keys, random, log }: ResealingOptions, signal: AbortSignal): Promise<void> {
  if ((await findInstallationValue(database, 'encrypted with')) === keys.id) return
  for (let after = ''; ; ) {
    const ids = await listProjectIds(database, { after, limit: 500 })
    for (const id of ids) {
      const ctx = { db: database.project(id).db, keys, random, project: { id } }
      for (const reseal of [resealCredentials, resealMerges, resealMessages, resealKeys]) {
        for (let last: string | undefined = ''; last !== undefined; ) {
          if (signal.aborted) return
          last = await reseal(ctx, { after: last, limit: batchSize })
          // Requests that wait get their turn.
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
    }
    const last = ids.at(-1)
    if (last === undefined) break
    after = last
  }
  await setInstallationValue(database, 'encrypted with', keys.id)
  log.info('All stored data is encrypted with the current secret. Older secrets can be removed after a day.')
}
