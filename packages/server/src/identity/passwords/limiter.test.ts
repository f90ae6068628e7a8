import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLimiter, type Limiter, type LimiterOptions, type Turn } from './limiter.ts'

const roomy: LimiterOptions = { concurrency: 1, queueLimit: 10, clientLimit: 10, maxWaitMs: 2000 }
const refused = { code: 503, headers: { 'retry-after': '1' } }

/** Occupies the limiter until the returned function is called. */
function occupy(limit: Limiter, turn?: Turn): { end: () => Promise<void> } {
  let open = () => {}
  const work = limit(() => new Promise<void>((resolve) => (open = resolve)), turn)
  return {
    end: () => {
      open()
      return work
    },
  }
}

test('runs no more at once than allowed, in the order of arrival', async () => {
  const limit = createLimiter({ ...roomy, concurrency: 2 })
  const started: number[] = []
  const gates: (() => void)[] = []
  const jobs = [0, 1, 2, 3].map((id) =>
    limit(() => {
      started.push(id)
      return new Promise<void>((resolve) => gates.push(resolve))
    }),
  )
  expect(started).toEqual([0, 1])
  gates[1]?.()
  await jobs[1]
  await Promise.resolve()
  expect(started).toEqual([0, 1, 2])
  gates[0]?.()
  await jobs[0]
  gates[2]?.()
  await jobs[2]
  gates[3]?.()
  await Promise.all(jobs)
  expect(started).toEqual([0, 1, 2, 3])
})

test('refuses work beyond the queue and goes on afterwards', async () => {
  const limit = createLimiter({ ...roomy, queueLimit: 1 })
  const first = occupy(limit)
  const second = limit(async () => 'second')
  await expect(limit(async () => 'third')).rejects.toMatchObject(refused)
  await first.end()
  expect(await second).toBe('second')
  expect(await limit(async () => 'fourth')).toBe('fourth')
})

test('tells beforehand what it would refuse', async () => {
  const limit = createLimiter({ ...roomy, queueLimit: 1 })
  await limit.requireRoom()
  const first = occupy(limit)
  await limit.requireRoom()
  const second = limit(async () => 'second')
  await expect(limit.requireRoom()).rejects.toMatchObject(refused)
  await limit.requireRoom({ kind: 'import' })
  await first.end()
  await second
  await limit.requireRoom()
})

test('a failure frees its place', async () => {
  const limit = createLimiter({ ...roomy, queueLimit: 0 })
  await expect(limit(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await limit(async () => 'next')).toBe('next')
})

test('sign-ups wait for all others, and do not take their places in the queue', async () => {
  const limit = createLimiter({ ...roomy, queueLimit: 2 })
  const first = occupy(limit)
  const order: string[] = []
  const signUps = [1, 2].map((n) => limit(async () => void order.push(`sign-up ${n}`), { kind: 'sign-up' }))
  await expect(limit(async () => {}, { kind: 'sign-up' })).rejects.toMatchObject(refused)
  const signIns = [1, 2].map((n) => limit(async () => void order.push(`sign-in ${n}`)))
  await first.end()
  await Promise.all([...signUps, ...signIns])
  expect(order).toEqual(['sign-in 1', 'sign-in 2', 'sign-up 1', 'sign-up 2'])
})

test('one client cannot fill the queue', async () => {
  const limit = createLimiter({ ...roomy, clientLimit: 2 })
  const first = occupy(limit)
  const own = [1, 2].map(() => limit(async () => {}, { client: '192.0.2.1' }))
  await expect(limit(async () => {}, { client: '192.0.2.1' })).rejects.toMatchObject(refused)
  const other = limit(async () => 'other', { client: '192.0.2.2' })
  await first.end()
  expect(await other).toBe('other')
  await Promise.all(own)
  // Its places are free again.
  const again = occupy(limit)
  const later = limit(async () => 'later', { client: '192.0.2.1' })
  await again.end()
  expect(await later).toBe('later')
})

test('an operation that nobody waits for leaves the queue and never runs', async () => {
  const limit = createLimiter({ ...roomy, queueLimit: 1 })
  const first = occupy(limit)
  const client = new AbortController()
  const run = vi.fn(async () => {})
  const gone = limit(run, { signal: client.signal })
  client.abort()
  await expect(gone).rejects.toMatchObject({ code: 503 })
  expect(limit.load()).toEqual({ running: 1, waiting: 0 })
  await first.end()
  await expect(limit(run, { signal: client.signal })).resolves.toBeUndefined()
  expect(run).toHaveBeenCalledTimes(1)
})

describe('with a clock', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('an import waits as long as it has to, behind all others, and takes no place in the queue', async () => {
    const limit = createLimiter({ ...roomy, queueLimit: 1 })
    const first = occupy(limit)
    const order: string[] = []
    const imports = [1, 2, 3].map((n) => limit(async () => void order.push(`import ${n}`), { kind: 'import' }))
    await vi.advanceTimersByTimeAsync(60_000)
    const signUp = limit(async () => void order.push('sign-up'), { kind: 'sign-up' })
    await first.end()
    await Promise.all([...imports, signUp])
    expect(order).toEqual(['sign-up', 'import 1', 'import 2', 'import 3'])
  })

  test('nobody waits longer than permitted', async () => {
    const limit = createLimiter(roomy)
    const first = occupy(limit)
    const run = vi.fn(async () => {})
    const waiting = expect(limit(run)).rejects.toMatchObject(refused)
    await vi.advanceTimersByTimeAsync(2000)
    await waiting
    await first.end()
    expect(run).not.toHaveBeenCalled()
  })

  test('a wait that would be too long is refused without it, after a short delay', async () => {
    const limit = createLimiter(roomy)
    // The average is known after some operations of one second each.
    for (let i = 0; i < 40; i++) {
      const one = occupy(limit)
      await vi.advanceTimersByTimeAsync(1000)
      await one.end()
    }
    const first = occupy(limit)
    const next = limit(async () => 'next')
    const settled = vi.fn()
    const more = [1, 2].map(() => limit(async () => {}))
    const third = expect(more[1]).rejects.toMatchObject(refused).then(settled)
    await vi.advanceTimersByTimeAsync(249)
    expect(settled).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    await third
    await first.end()
    await Promise.all([next, more[0]])
  })
})
