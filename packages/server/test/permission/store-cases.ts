import type { Context } from '../../src/kernel/context.ts'
import * as tupleChanges from '../../src/permission/changes/store.ts'
import * as subjectQuestions from '../../src/permission/check/closure/store.ts'
import * as tupleQuestions from '../../src/permission/check/store.ts'
import * as tuples from '../../src/permission/tuples/store.ts'
import { tupleRow, tupleShape } from '../filled-project.ts'

const far = Date.UTC(2100, 0, 1)
const page = { size: 100 }
const ownTuple = [
  tupleRow.namespace,
  tupleRow.object,
  tupleRow.relation,
  tupleRow.subject_namespace,
  tupleRow.subject_object,
  tupleRow.subject_relation,
] as const
const tupleSet = [tupleRow.namespace, tupleRow.object, tupleRow.relation] as const

/** For every function of permissions that queries: what finds or changes something in the project that it belongs to. */
export const permissionCases: Record<string, { module: object; cases: Record<string, (ctx: Context) => unknown> }> = {
  'permission/tuples/store.ts': {
    module: tuples,
    cases: {
      listTuples: (ctx) => tuples.listTuples(ctx, {}, page),
      someTuples: (ctx) => tuples.someTuples(ctx, {}, 100),
      insertTuples: async (ctx) => {
        await tuples.insertTuples(ctx, [tupleRow])
        await tuples.deleteTuples(ctx, [tupleRow])
      },
      insertNewTuples: async (ctx) => {
        await tuples.insertNewTuples(ctx, [tupleRow])
        await tuples.deleteTuples(ctx, [tupleRow])
      },
      deleteTuples: (ctx) => tuples.deleteTuples(ctx, [tupleRow]),
      insertShapes: (ctx) => tuples.insertShapes(ctx, [{ ...tupleShape, relation: 'guests' }]),
      listShapes: (ctx) => tuples.listShapes(ctx),
    },
  },
  'permission/check/store.ts': {
    module: tupleQuestions,
    cases: {
      readSubjects: (ctx) => tupleQuestions.readSubjects(ctx, [tupleSet], { maxRows: 10, skippedRows: 0 }),
      readOwnTuple: async (ctx) => {
        const { condition, revision } = await tupleQuestions.readOwnTuple(ctx, ownTuple)
        return [condition, revision].filter((value) => value !== undefined && value !== 0)
      },
      readOwnTuples: async (ctx) => {
        const [{ condition, revision } = {}] = await tupleQuestions.readOwnTuples(ctx, [ownTuple])
        return [condition, revision].filter((value) => value !== undefined && value !== 0)
      },
      readTuples: async (ctx) => {
        const questions = { own: [ownTuple], usersets: [tupleSet] }
        const { rows, revision } = await tupleQuestions.readTuples(ctx, questions, { maxRows: 10, skippedRows: 0 })
        return [...rows, ...(revision === 0 ? [] : [revision])]
      },
    },
  },
  'permission/check/closure/store.ts': {
    module: subjectQuestions,
    cases: {
      readAncestors: async (ctx) => {
        const limits = { own: 'all', maxDistance: 3, maxRows: 10 } as const
        const usersets = [[tupleRow.namespace, tupleRow.relation]] as const
        const { rows, revision } = await subjectQuestions.readAncestors(ctx, [tupleRow], { usersets, ...limits })
        return [...rows, ...(revision === 0 ? [] : [revision])]
      },
    },
  },
  'permission/changes/store.ts': {
    module: tupleChanges,
    cases: {
      nextRevision: async (ctx) => {
        await tupleChanges.nextRevision(ctx)
      },
      currentRevision: (ctx) => tupleChanges.currentRevision(ctx),
      insertChanges: async (ctx) => {
        await tupleChanges.insertChanges(ctx, { revision: 9, part: 0, count: 0, changes: '[]', changed_at: 0 })
        await tupleChanges.removeOldChanges(ctx, far, 10)
      },
      changesAfter: (ctx) => tupleChanges.changesAfter(ctx, { revision: 0, part: -1 }, { most: 10, rows: 10 }),
      partsAfter: (ctx) => tupleChanges.partsAfter(ctx, { revision: 0, part: -1 }, 10),
      oldestPart: (ctx) => tupleChanges.oldestPart(ctx),
      removeOldChanges: (ctx) => tupleChanges.removeOldChanges(ctx, far, 10),
    },
  },
}
