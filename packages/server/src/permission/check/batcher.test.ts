import { expect, it } from 'vitest'
import { Batcher } from './batcher.ts'

it('asks for all who came while an answer was under way, and gives each its own', async () => {
  const asked: number[][] = []
  const together = new Batcher<number, number>(async (questions) => {
    asked.push([...questions])
    await new Promise((resolve) => setImmediate(resolve))
    return questions.map((question) => question * 2)
  })
  const answers = await Promise.all([1, 2, 3].map((question) => together.ask(question)))
  expect(answers).toEqual([2, 4, 6])
  expect(asked).toEqual([[1], [2, 3]])
  expect(await together.ask(4)).toBe(8)
})

it('asks for no more than so many at once', async () => {
  const sizes: number[] = []
  const together = new Batcher<number, number>(async (questions) => {
    sizes.push(questions.length)
    return questions
  })
  await Promise.all(Array.from({ length: 251 }, (_, i) => together.ask(i)))
  expect(sizes).toEqual([1, 100, 100, 50])
})

it('tells whoever asked that it failed, and goes on with the others', async () => {
  const together = new Batcher<string, string>(async (questions) => {
    if (questions.includes('bad')) throw new Error('no')
    return questions
  })
  const [first, second] = await Promise.allSettled([together.ask('bad'), together.ask('good')])
  expect([first?.status, second?.status]).toEqual(['rejected', 'fulfilled'])
})
