import type { InstallationConfig } from '../configuration/index.ts'
import { removeSettledMessages } from '../courier/index.ts'
import type { Database } from '../db/index.ts'
import { removeOldEvents } from '../event/index.ts'
import { removeExpiredMerges } from '../identity/index.ts'
import type { Job } from '../jobs/index.ts'
import type { Clock } from '../kernel/clock.ts'
import { removeOldCounters } from '../limit/index.ts'
import { removeExpiredGrants } from '../oauth2/index.ts'
import { removeOldChanges } from '../permission/index.ts'
import { listProjectIds } from '../project/index.ts'
import {
  removeExpiredAuthorizationRequests,
  removeExpiredCodes,
  removeExpiredExchanges,
  removeExpiredFlows,
  removeExpiredPendingChanges,
  removeOldFlowErrors,
  removeSpentChallenges,
} from '../selfservice/index.ts'
import { removeExpiredDevices, removeExpiredSessions } from '../session/index.ts'

/** Projects whose ids are read at once. */
const projectsAtOnce = 500

const hourMs = 3_600_000
/** So long something that has run out is still known, for an answer that says so. */
const keptMs = 24 * hourMs
/** So long one can look up whether a message was sent. */
const messagesKeptMs = 30 * 24 * hourMs
/** So long one can go on reading what changed from where one stopped. */
const changesKeptMs = 24 * hourMs
/** So long events can be looked up, and delivered later than they happened. */
const eventsKeptMs = 30 * 24 * hourMs

export interface CleaningOptions {
  readonly database: Database
  readonly clock: Clock
  readonly settings: () => InstallationConfig['kratos']['cleanup']
}

/** Removes what has run out: flows, codes, sessions, errors, token exchanges, messages that were sent. */
export function cleaningJob(options: CleaningOptions): Job {
  return { name: 'clean', everyMs: 60_000, run: (signal) => clean(options, signal) }
}

/** Removes OAuth2 codes, tokens, consents and login sessions that have expired. */
export function grantCleaning({ database, clock, settings }: CleaningOptions): Job {
  const run = (signal: AbortSignal) =>
    eachProject(database, signal, async (id) => {
      const ctx = { db: database.project(id).db }
      await inBatches(signal, () => removeExpiredGrants(ctx, clock.now(), settings().batch_size))
    })
  return { name: 'clean grants', everyMs: 60_000, run }
}

/** Removes old records of changed permissions, old events and counters. */
export function recordCleaning(options: CleaningOptions): Job {
  return { name: 'clean records', everyMs: 60_000, run: (signal) => cleanRecords(options, signal) }
}

export async function clean(options: CleaningOptions, signal: AbortSignal): Promise<void> {
  const { database, clock } = options
  await eachProject(database, signal, (id) => cleanProject(options, id, signal))
  const before = clock.now() - keptMs
  await inBatches(signal, () => removeExpiredSessions(database.unscoped, { before, maxBatches: 1 }))
}

export async function cleanRecords(options: CleaningOptions, signal: AbortSignal): Promise<void> {
  const { database, clock, settings } = options
  await eachProject(database, signal, async (id) => {
    const ctx = { db: database.project(id).db }
    const { batch_size: limit } = settings()
    await inBatches(signal, () => removeOldChanges(ctx, clock.now() - changesKeptMs, limit))
    await inBatches(signal, () => removeOldEvents(ctx, clock.now() - eventsKeptMs, limit))
    await inBatches(signal, () => removeOldCounters(ctx, clock.now(), limit))
  })
}

/** Goes through all projects once, served by this process or not; ends early between two batches when it is told to. */
async function eachProject(database: Database, signal: AbortSignal, run: (id: string) => Promise<void>): Promise<void> {
  for (let after = ''; !signal.aborted; ) {
    const ids = await listProjectIds(database, { after, limit: projectsAtOnce })
    for (const id of ids) await run(id)
    const last = ids.at(-1)
    if (last === undefined) break
    after = last
  }
}

async function cleanProject({ database, clock, settings }: CleaningOptions, projectId: string, signal: AbortSignal) {
  const { batch_size: limit, older_than: olderThan } = settings()
  const ctx = { db: database.project(projectId).db }
  const now = clock.now()
  const before = now - Math.max(keptMs, olderThan)
  // An exchange holds an encrypted session token, so it goes as soon as nothing can be fetched with it.
  await inBatches(signal, () => removeExpiredExchanges(ctx, now, limit))
  // An authorization request holds a code verifier and what was submitted.
  await inBatches(signal, () => removeExpiredAuthorizationRequests(ctx, now, limit))
  // The snapshot of a merge holds an identity that was deleted.
  await inBatches(signal, () => removeExpiredMerges(ctx, now, limit))
  await inBatches(signal, () => removeExpiredDevices(ctx, now, limit))
  await inBatches(signal, () => removeExpiredPendingChanges(ctx, now, limit))
  await inBatches(signal, () => removeExpiredFlows(ctx, before, limit))
  await inBatches(signal, () => removeExpiredCodes(ctx, before, limit))
  await inBatches(signal, () => removeSpentChallenges(ctx, before, limit))
  await inBatches(signal, () => removeOldFlowErrors(ctx, before, limit))
  await inBatches(signal, () => removeSettledMessages(ctx, now - Math.max(messagesKeptMs, olderThan), limit))
}

/** Until nothing is left; requests that wait get their turn between two batches. */
async function inBatches(signal: AbortSignal, remove: () => Promise<number>): Promise<void> {
  while (!signal.aborted && (await remove()) > 0) await new Promise((resolve) => setImmediate(resolve))
}
