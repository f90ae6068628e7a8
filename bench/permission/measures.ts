import { tupleOf } from '../../packages/server/test/permission/notation.ts'
import { get, send } from '../requests.ts'
import type { Measure } from '../suite.ts'
import { keeperOf, memberOf, type Stage } from './stage.ts'

const connections = 16
const loadedAtOnce = 100

export const measures: Measure<Stage>[] = [
  {
    name: 'direct check',
    wanted: 4,
    loads: (stage) => [checks(stage, stage.size.plainDocuments, (i) => [`plain${i}`, 'viewers', `user${i}`])],
  },
  {
    name: 'three nested groups',
    wanted: 30,
    loads: (stage) => [
      checks(stage, stage.size.documents, (i) => [`shared${i}`, 'viewers', memberOf(i % stage.size.departments)]),
    ],
  },
  {
    name: 'folder in folder',
    wanted: 30,
    loads: (stage) => [checks(stage, stage.size.documents, (i) => [`filed${i}`, 'view', keeperOf(i, stage.size)])],
  },
  {
    name: 'folder in folder, denied',
    wanted: 30,
    loads: (stage) => [checks(stage, stage.size.documents, (i) => [`filed${i}`, 'view', `nobody${i}`])],
  },
  {
    name: 'loading (tuples)',
    wanted: 5,
    perRequest: loadedAtOnce,
    loads: ({ write }) => [
      { origin: write, connections: 4, expect: 204, requests: [send('PATCH', '/admin/relation-tuples', changes())] },
    ],
  },
]

type Question = (i: number) => [object: string, relation: string, subject: string]

/** Each connection checks one document after another. */
function checks({ read }: Stage, count: number, question: Question) {
  const requests = Array.from({ length: 4096 }, (_, index) => {
    const [object, relation, subject] = question((index * 7919) % count)
    const tuple = { namespace: 'Document', object, relation, subject_id: subject }
    return get(`/relation-tuples/check/openapi?${new URLSearchParams(tuple)}`)
  })
  return { origin: read, connections, expect: 200, requests, inTurn: true }
}

function changes() {
  return Array.from({ length: loadedAtOnce }, (_, i) => ({
    action: 'insert',
    relation_tuple: tupleOf(`Document:new$N-${i}#viewers@user${i}`),
  }))
}
