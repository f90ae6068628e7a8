import type { Job } from '../jobs/index.ts'
import type { Installation } from '../kernel/installation.ts'
import { type CleaningOptions, cleaningJob, grantCleaning, recordCleaning } from './cleaning.ts'
import { resealingJob } from './resealing.ts'

/** What a process serves that other processes of the same database may not serve. */
export interface Served {
  readonly identities: boolean
  readonly oauth2: boolean
}

/**
 * The recurring work of a process. What depends on the settings and secrets of a configuration is only done by a
 * process that has it.
 */
export function recurringJobs(
  served: Served,
  options: CleaningOptions & Pick<Installation, 'keys' | 'random' | 'log'>,
): Job[] {
  return [
    recordCleaning(options),
    ...(served.identities ? [cleaningJob(options)] : []),
    ...(served.oauth2 ? [grantCleaning(options)] : []),
    ...(served.identities || served.oauth2 ? [resealingJob(options)] : []),
  ]
}
