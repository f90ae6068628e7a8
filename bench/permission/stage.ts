import { tupleOf } from '../../packages/server/test/permission/notation.ts'
import { call } from '../call.ts'

/** A server with the relation tuples of an organisation. */
export interface Stage {
  read: string
  write: string
}

export const departments = 200
const teams = 5
const squads = 4
const people = 15
export const plainDocuments = 20_000
/** Documents that are shared with a department, and documents in drawers in rooms. */
export const documents = 4000
const drawers = 1000
const rooms = 250
const atOnce = 1000

/** Fills a fresh server with 100,000 relation tuples or a little more. */
export async function prepare([read, write]: [string, string]): Promise<Stage> {
  const all = tuples()
  for (let from = 0; from < all.length; from += atOnce) {
    const some = all.slice(from, from + atOnce).map((text) => ({ action: 'insert', relation_tuple: tupleOf(text) }))
    await call(write, 'PATCH', '/admin/relation-tuples', some)
  }
  return { read, write }
}

/** Somebody in the last squad of a department, which is where a document is shared with the whole department. */
export function memberOf(department: number): string {
  return `person-${department}-${teams - 1}-${squads - 1}-${people - 1}`
}

function tuples(): string[] {
  return [
    ...times(departments, department),
    ...times(plainDocuments, (i) => [`Document:plain${i}#viewers@user${i}`]),
    ...times(documents, (i) => [
      `Document:shared${i}#viewers@(Group:department-${i % departments}#members)`,
      `Document:filed${i}#parents@(Folder:drawer${i % drawers}#)`,
    ]),
    ...times(drawers, (i) => [
      `Folder:drawer${i}#parents@(Folder:room${i % rooms}#)`,
      `Folder:drawer${i}#viewers@(Group:team-${i % departments}-0#members)`,
    ]),
    ...times(rooms, (i) => [
      `Folder:room${i}#viewers@(Group:team-${i % departments}-1#members)`,
      `Folder:room${i}#viewers@keeper${i}`,
    ]),
  ]
}

/** People in squads in teams in a department. */
function department(d: number): string[] {
  return times(teams, (t) => [
    `Group:department-${d}#members@(Group:team-${d}-${t}#members)`,
    ...times(squads, (s) => [
      `Group:team-${d}-${t}#members@(Group:squad-${d}-${t}-${s}#members)`,
      ...times(people, (p) => [`Group:squad-${d}-${t}-${s}#members@person-${d}-${t}-${s}-${p}`]),
    ]),
  ])
}

/** Who keeps the room that a document's drawer is in. */
export function keeperOf(document: number): string {
  return `keeper${(document % drawers) % rooms}`
}

function times(count: number, make: (i: number) => string[]): string[] {
  return Array.from({ length: count }, (_, i) => make(i)).flat()
}
