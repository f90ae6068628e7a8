import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, openTestApp } from '../../../test/app.ts'
import { settle } from '../../../test/permission/settle.ts'
import { context, objects, relations, type World, worlds } from '../../../test/permission/worlds.ts'
import type { Context } from '../../kernel/context.ts'
import { check } from '../check/check.ts'
import { type Subject, type SubjectColumns, subjectColumns, subjectOf } from '../tuples/subject.ts'
import { listObjects } from './objects.ts'
import { listSubjects } from './subjects.ts'

describe.each(dsns)('lists on %s', (name, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let ctx: Context
  beforeAll(async () => {
    app = await openTestApp(dsn, [])
    ctx = (await app.project()).ctx
  })
  afterAll(() => app.close())

  /** Each world is asked about twelve relations, of three objects each. */
  const worldsTried = name === 'SQLite' ? 300 : 20
  const asked = fc.record({
    /** The subject of a tuple, where there are so many, or that of the world. */
    somebody: fc.option(fc.nat({ max: 13 })),
    maxDepth: fc.constantFrom(0, 0, 0, 1, 2, 3),
    size: fc.integer({ min: 1, max: 5 }),
  })
  const kinds = ['A', 'B'].flatMap((namespace) => relations.map((relation) => ({ namespace, relation })))
  const places = kinds.flatMap((kind) => objects.map((object) => ({ ...kind, object })))

  test('have every object that a check allows and no other', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(worlds, asked, async (world, { somebody, maxDepth, size }) => {
        await settle(app, ctx, world)
        const options = { maxDepth, context }
        const subject = subjectOf(somebodyIn(world, somebody))
        for (const { namespace, relation } of kinds) {
          const wanted: string[] = []
          for (const object of objectsIn(world, namespace)) {
            if ((await check(ctx, { namespace, object, relation, ...subject }, options)).allowed) wanted.push(object)
          }
          const ask: Ask<string> = async (page) => {
            const answer = await listObjects(ctx, { namespace, relation, subject, options }, page)
            return { items: answer.objects, next: answer.next_page_token }
          }
          expect(await ask({ size: 0, token: '' })).toEqual({ items: wanted, next: '' })
          expect(await all(size, ask)).toEqual(wanted)
        }
      }),
      { numRuns: worldsTried },
    )
  })

  test('have every subject that a check allows and no other', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(worlds, asked, async (world, { somebody, maxDepth, size }) => {
        await settle(app, ctx, world)
        const options = { maxDepth, context }
        const { subject_namespace, subject_relation } = somebodyIn(world, somebody)
        const kind = [subject_namespace, subject_relation] as const
        for (const { namespace, object, relation } of places) {
          const wanted: Subject[] = []
          for (const subject of subjectsIn(world, kind)) {
            if ((await check(ctx, { namespace, object, relation, ...subject }, options)).allowed) wanted.push(subject)
          }
          const ask: Ask<Subject> = async (page) => {
            const answer = await listSubjects(ctx, { of: [namespace, object, relation], shape: kind, options }, page)
            return { items: answer.subjects as Subject[], next: answer.next_page_token }
          }
          expect(await ask({ size: 0, token: '' })).toEqual({ items: wanted, next: '' })
          expect(await all(size, ask)).toEqual(wanted)
        }
      }),
      { numRuns: worldsTried },
    )
  })
})

function somebodyIn({ tuples, subject }: World, index: number | null): SubjectColumns {
  return subjectColumns((index !== null && tuples[index]) || subject)
}

type Ask<Item> = (page: { size: number; token: string }) => Promise<{ items: readonly Item[]; next: string }>

/** What all pages have in them, none of them more than asked for. */
async function all<Item>(size: number, ask: Ask<Item>): Promise<Item[]> {
  const found: Item[] = []
  let token = ''
  do {
    const { items, next } = await ask({ size, token })
    expect(items.length).toBeLessThanOrEqual(size)
    found.push(...items)
    token = next
  } while (token !== '')
  return found
}

function objectsIn({ tuples }: World, namespace: string): string[] {
  const places = tuples.flatMap((tuple) => [tuple, ...(tuple.subject_set ? [tuple.subject_set] : [])])
  return inOrder(places.filter((place) => place.namespace === namespace).map(({ object }) => object))
}

function subjectsIn({ tuples }: World, [namespace, relation]: readonly [string, string]): Subject[] {
  const columns = tuples.map(subjectColumns)
  const same = columns.filter((one) => one.subject_namespace === namespace && one.subject_relation === relation)
  return inOrder(same.map(({ subject_object: object }) => object)).map((object) =>
    namespace === '' ? { subject_id: object } : { subject_set: { namespace, object, relation } },
  )
}

function inOrder(names: readonly string[]): string[] {
  return [...new Set(names)].sort()
}
