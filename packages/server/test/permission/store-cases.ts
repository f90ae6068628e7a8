import type { Context } from '../../src/kernel/context.ts'
import * as tupleChanges from '../../src/permission/changes/store.ts'
import * as tupleQuestions from '../../src/permission/check/store.ts'
import * as subjectQuestions from '../../src/permission/check/subject/store.ts'
import * as tuples from '../../src/permission/tuples/store.ts'
import { tupleKind, tupleRow } from '../filled-project.ts'

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
      insertKinds: (ctx) => tuples.insertKinds(ctx, [{ ...tupleKind, relation: 'guests' }]),
      listKinds: (ctx) => tuples.listKinds(ctx),
    },
  },
  'permission/check/store.ts': {
    module: tupleQuestions,
    cases: {
      membersOf: (ctx) => tupleQuestions.membersOf(ctx, [tupleSet], 10),
      askDirect: async (ctx) => {
        const { condition, revision } = await tupleQuestions.askDirect(ctx, ownTuple)
        return [condition, revision].filter((told) => told !== undefined && told !== 0)
      },
      askAllDirect: async (ctx) => {
        const [{ condition, revision } = {}] = await tupleQuestions.askAllDirect(ctx, [ownTuple])
        return [condition, revision].filter((told) => told !== undefined && told !== 0)
      },
      askTuples: async (ctx) => {
        const questions = { sets: [tupleSet], direct: [tupleSet], subject: tupleRow }
        const { rows, revision } = await tupleQuestions.askTuples(ctx, questions, 10)
        return [...rows, ...(revision === 0 ? [] : [revision])]
      },
    },
  },
  'permission/check/subject/store.ts': {
    module: subjectQuestions,
    cases: {
      readAbove: async (ctx) => {
        const limits = { own: 'all', levels: 3, most: 10 } as const
        const kinds = [[tupleRow.namespace, tupleRow.relation]] as const
        const { rows, revision } = await subjectQuestions.readAbove(ctx, tupleRow, kinds, limits)
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
