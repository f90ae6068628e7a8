import { tupleOf } from '../../packages/server/test/permission/notation.ts'
import { call } from '../call.ts'
import type { StageOptions } from '../suite.ts'

/** A server with the relation tuples of a sample organization. */
export interface Stage {
  read: string
  write: string
  size: Size
}

/** The number of objects of each kind. */
export interface Size {
  departments: number
  plainDocuments: number
  /** The number of documents shared with a department, and of documents in drawers in rooms. */
  documents: number
  drawers: number
  rooms: number
}

const teams = 5
const squads = 4
const people = 15
const atOnce = 1000

/** An organization with 95,500 relation tuples, multiplied by `scale`. */
export function sizeOf(scale: number): Size {
  return {
    departments: 200 * scale,
    plainDocuments: 20_000 * scale,
    documents: 4000 * scale,
    drawers: 1000 * scale,
    rooms: 250 * scale,
  }
}

/** Inserts the tuples on an empty server, unless the options say that it already has them. */
export async function prepare([read, write]: [string, string], { scale, filled }: StageOptions): Promise<Stage> {
  const size = sizeOf(scale)
  let some: object[] = []
  const send = async () => {
    if (some.length > 0) await call(write, 'PATCH', '/admin/relation-tuples', some)
    some = []
  }
  for (const text of filled ? [] : tuples(size)) {
    some.push({ action: 'insert', relation_tuple: tupleOf(text) })
    if (some.length === atOnce) await send()
  }
  await send()
  return { read, write, size }
}

/** A member of the last squad of a department, for documents that are shared with the whole department. */
export function memberOf(department: number): string {
  return `person-${department}-${teams - 1}-${squads - 1}-${people - 1}`
}

export function* tuples({ departments, plainDocuments, documents, drawers, rooms }: Size): Generator<string> {
  for (let d = 0; d < departments; d++) yield* department(d)
  for (let i = 0; i < plainDocuments; i++) yield `Document:plain${i}#viewers@user${i}`
  for (let i = 0; i < documents; i++) {
    yield `Document:shared${i}#viewers@(Group:department-${i % departments}#members)`
    yield `Document:filed${i}#parents@(Folder:drawer${i % drawers}#)`
  }
  for (let i = 0; i < drawers; i++) {
    yield `Folder:drawer${i}#parents@(Folder:room${i % rooms}#)`
    yield `Folder:drawer${i}#viewers@(Group:team-${i % departments}-0#members)`
  }
  for (let i = 0; i < rooms; i++) {
    yield `Folder:room${i}#viewers@(Group:team-${i % departments}-1#members)`
    yield `Folder:room${i}#viewers@keeper${i}`
  }
}

/** Members of squads in teams in a department. */
function department(d: number): string[] {
  return times(teams, (t) => [
    `Group:department-${d}#members@(Group:team-${d}-${t}#members)`,
    ...times(squads, (s) => [
      `Group:team-${d}-${t}#members@(Group:squad-${d}-${t}-${s}#members)`,
      ...times(people, (p) => [`Group:squad-${d}-${t}-${s}#members@person-${d}-${t}-${s}-${p}`]),
    ]),
  ])
}

/** The keeper of the room that contains the drawer of a document. */
export function keeperOf(document: number, { drawers, rooms }: Size): string {
  return `keeper${(document % drawers) % rooms}`
}

function times(count: number, make: (i: number) => string[]): string[] {
  return Array.from({ length: count }, (_, i) => make(i)).flat()
}
