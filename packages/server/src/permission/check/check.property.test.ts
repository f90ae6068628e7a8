import type { PermissionExplanation, Relationship } from '@latchkey/api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, openTestApp } from '../../../test/app.ts'
import { naiveTruth } from '../../../test/permission/naive.ts'
import { settle } from '../../../test/permission/settle.ts'
import { context, objects, relations, subjects, worlds } from '../../../test/permission/worlds.ts'
import type { Context } from '../../kernel/context.ts'
import { explain } from '../explain/explain.ts'
import { batchCheck } from './batch.ts'
import { check } from './check.ts'

/** Deeper than any way through so few objects. */
const deep = 200

describe.each(dsns)('checks on %s', (name, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let ctx: Context
  beforeAll(async () => {
    app = await openTestApp(dsn, [])
    ctx = (await app.project()).ctx
  })
  afterAll(() => app.close())

  const places = ['A', 'B'].flatMap((namespace) =>
    objects.flatMap((object) => relations.map((relation) => ({ namespace, object, relation }))),
  )
  /** Each world is asked about 36 relations. */
  const worldsTried = name === 'SQLite' ? 2800 : 100

  test('say what the definition says', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        await settle(app, ctx, world)
        const truth = naiveTruth(world.namespaces, world.tuples, { subject: world.subject, objects })
        for (const place of places) {
          const { allowed } = await check(ctx, { ...place, ...world.subject }, { context })
          const wanted = truth(place.namespace, place.object, place.relation)
          expect([place, allowed]).toEqual([place, wanted === 'yes'])
        }
      }),
      { numRuns: worldsTried },
    )
  })

  test('allow nothing more because of a limit, and less with a narrower one', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.constantFrom(...places), async (world, place) => {
        await settle(app, ctx, world)
        const answers: boolean[] = []
        for (const depth of [1, 2, 3, 4, 5, deep]) {
          answers.push((await check(ctx, { ...place, ...world.subject }, { maxDepth: depth, context })).allowed)
        }
        expect(answers).toEqual(answers.toSorted())
      }),
      { numRuns: worldsTried / 4 },
    )
  })

  test('are explained as they are answered', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.constantFrom(...places), async (world, place) => {
        await settle(app, ctx, world)
        const tuple = { ...place, ...world.subject }
        const { allowed, explanation } = await explain(ctx, tuple, { context })
        expect([allowed, explanation.outcome === 'allowed']).toEqual([
          (await check(ctx, tuple, { context })).allowed,
          allowed,
        ])
        const path = allowed ? relationshipsIn(explanation) : []
        for (const one of path) expect(world.tuples).toContainEqual(one)
      }),
      { numRuns: worldsTried / 4 },
    )
  })

  test('do not depend on what was asked before', { timeout: 300_000 }, async () => {
    const limits = fc.record({ maxDepth: fc.integer({ min: 1, max: 6 }), width: fc.integer({ min: 1, max: 3 }) })
    await fc.assert(
      fc.asyncProperty(worlds, fc.constantFrom(...places), limits, async (world, place, { maxDepth, width }) => {
        await settle(app, ctx, world, { width })
        const ask = async (of: Context, at: typeof place) => {
          const options = { maxDepth, context }
          return (await check(of, { ...at, ...world.subject }, options)).allowed
        }
        const first = await ask({ ...ctx, project: { ...ctx.project } }, place)
        for (const other of places) await ask(ctx, other)
        expect(await ask(ctx, place)).toBe(first)
      }),
      { numRuns: worldsTried / 4 },
    )
  })

  test('answer in a batch as they do alone', { timeout: 300_000 }, async () => {
    const members = fc.array(fc.tuple(fc.constantFrom(...places), fc.option(subjects(['', ...relations]))), {
      minLength: 2,
      maxLength: 10,
    })
    const limits = fc.record({ maxDepth: fc.integer({ min: 1, max: 6 }), width: fc.integer({ min: 1, max: 3 }) })
    await fc.assert(
      fc.asyncProperty(worlds, members, limits, async (world, some, { maxDepth, width }) => {
        await settle(app, ctx, world, { width })
        const tuples = some.map(([place, subject]) => ({ ...place, ...(subject ?? world.subject) }))
        const options = { maxDepth, context }
        const cold = { ...ctx, project: { ...ctx.project } }
        const together = await batchCheck(cold, tuples, options)
        const alone = []
        for (const tuple of tuples) alone.push(await check({ ...ctx, project: { ...ctx.project } }, tuple, options))
        expect(together).toEqual(alone)
        expect(await batchCheck(cold, tuples, options)).toEqual(alone)
      }),
      { numRuns: worldsTried / 4 },
    )
  })

  test('do not depend on the order in which tuples were written', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        worlds,
        fc.constantFrom(...places),
        fc.integer({ min: 1, max: 5 }),
        async (world, place, depth) => {
          await settle(app, ctx, world)
          const forwards = await check(ctx, { ...place, ...world.subject }, { maxDepth: depth, context })
          await settle(app, ctx, { ...world, tuples: world.tuples.toReversed() })
          const backwards = await check(ctx, { ...place, ...world.subject }, { maxDepth: depth, context })
          expect(backwards.allowed).toBe(forwards.allowed)
        },
      ),
      { numRuns: worldsTried / 4 },
    )
  })
})

/** What an explanation rests on: all relationships that count, down to an exclusion. */
function relationshipsIn({ kind, outcome, relationship, children = [] }: PermissionExplanation): Relationship[] {
  if (kind === 'exclusion') return []
  const own = relationship && outcome === 'allowed' ? [relationship] : []
  return [...own, ...children.flatMap(relationshipsIn)]
}
