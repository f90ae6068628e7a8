import { expect, test } from 'vitest'
import { createLimiter } from './limiter.ts'

test('runs no more at once than allowed, in the order of arrival', async () => {
  const limit = createLimiter({ concurrency: 2, queueLimit: 10 })
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
  const limit = createLimiter({ concurrency: 1, queueLimit: 1 })
  let open = () => {}
  const first = limit(() => new Promise<void>((resolve) => (open = resolve)))
  const second = limit(async () => 'second')
  await expect(limit(async () => 'third')).rejects.toMatchObject({ code: 503, headers: { 'retry-after': '1' } })
  open()
  await first
  expect(await second).toBe('second')
  expect(await limit(async () => 'fourth')).toBe('fourth')
})

test('a failure frees its place', async () => {
  const limit = createLimiter({ concurrency: 1, queueLimit: 0 })
  await expect(limit(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await limit(async () => 'next')).toBe('next')
})
