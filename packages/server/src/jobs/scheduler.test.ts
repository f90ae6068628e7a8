import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dsns, movableClock } from '../../test/app.ts'
import { type Database, migrate, openDatabase } from '../db/index.ts'
import { systemRandom } from '../kernel/random.ts'
import { type Job, leaseMs, runOnce, type SchedulerOptions, startJobs } from './scheduler.ts'

describe.each(dsns)('jobs on %s', (_, dsn) => {
  let database: Database
  const clock = movableClock()
  const lines: string[] = []
  let options: SchedulerOptions
  beforeAll(async () => {
    database = await openDatabase(dsn)
    await migrate(database)
    options = { database, clock, random: systemRandom, log: pino({}, { write: (line) => void lines.push(line) }) }
  })
  afterAll(() => database.close())

  const never = new AbortController().signal
  const job = (run: Job['run'] = async () => {}): Job => ({ name: systemRandom.uuid(), everyMs: 60_000, run })

  it('run in one of several processes whose turn has come', async () => {
    let runs = 0
    const counted = job(async () => {
      runs++
    })
    const turns = await Promise.all(Array.from({ length: 8 }, () => runOnce(options, counted, never)))
    expect(turns.filter(Boolean)).toHaveLength(1)
    expect(runs).toBe(1)
  })

  it('run again when their interval is over, and not before', async () => {
    const own = job()
    expect(await runOnce(options, own, never)).toBe(true)
    clock.advance(30_000)
    expect(await runOnce(options, own, never)).toBe(false)
    clock.advance(20_000)
    expect(await runOnce(options, own, never)).toBe(true)
  })

  it('are taken over from a process that died', async () => {
    let begun = () => {}
    const beginning = new Promise<void>((resolve) => {
      begun = resolve
    })
    let finish = () => {}
    const own = job(
      () =>
        new Promise<void>((resolve) => {
          finish = resolve
          begun()
        }),
    )
    const stuck = runOnce(options, own, never)
    await beginning
    expect(await runOnce(options, { ...own, run: async () => {} }, never)).toBe(false)
    clock.advance(leaseMs)
    expect(await runOnce(options, { ...own, run: async () => {} }, never)).toBe(true)
    finish()
    await stuck
  })

  it('go on after a failure, and say so', async () => {
    let runs = 0
    let again = () => {}
    const twice = new Promise<void>((resolve) => {
      again = resolve
    })
    const failing: Job = {
      name: systemRandom.uuid(),
      everyMs: 1,
      run: async () => {
        clock.advance(1)
        if (++runs === 2) again()
        throw new Error('the harbour is closed')
      },
    }
    const scheduler = startJobs(options, [failing])
    await twice
    await scheduler.stop()
    expect(lines.join('')).toContain('the harbour is closed')
  })

  it('are told to end early when the scheduler stops, and waited for', async () => {
    let begun = () => {}
    const beginning = new Promise<void>((resolve) => {
      begun = resolve
    })
    let ended = false
    const long: Job = {
      name: systemRandom.uuid(),
      everyMs: 1,
      run: (signal) =>
        new Promise((resolve) => {
          begun()
          signal.addEventListener('abort', () => {
            ended = true
            resolve()
          })
        }),
    }
    const scheduler = startJobs(options, [long, job()])
    await beginning
    await scheduler.stop()
    expect(ended).toBe(true)
  })
})
