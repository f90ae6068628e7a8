import { isTree, memberSchema, plain, type Schema } from '../kernel/config/walk.ts'
import { type OriginalName, originals } from './originals/index.ts'

/** What a configuration file is. */
export type FileType = 'project' | OriginalName

/**
 * Tells what a document is. Only a project has `services`. The originals share keys (`dsn`, `log`, `serve`): a file belongs
 * to the one that knows most of its keys. Of several that know as many it is the last one's, since the first, Kratos, has
 * keys that its files cannot do without and the others do not know.
 */
export function detectFileType(value: unknown): FileType {
  if (isTree(value) && value.services !== undefined) return 'project'
  const scores = originals.map(({ name, schema }) => ({ name, score: countKnownKeys(plain(schema), value) }))
  const most = Math.max(...scores.map(({ score }) => score))
  const best = most === 0 ? scores[0] : scores.findLast(({ score }) => score === most)
  return best?.name ?? originals[0].name
}

function countKnownKeys(schema: Schema, value: unknown): number {
  if (!isTree(value)) return 0
  return Object.entries(value).reduce((sum, [key, member]) => {
    const inner = memberSchema(schema, value, key)
    return inner ? sum + 1 + countKnownKeys(inner, member) : sum
  }, 0)
}
