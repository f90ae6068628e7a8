import { isTree, memberSchema, plain, type Schema } from '../kernel/config/walk.ts'
import { type OriginalName, originals } from './originals/index.ts'

/** The type of a configuration file. */
export type FileType = 'project' | OriginalName

/**
 * Detects the type of a document. Only projects have `services`. The originals share keys (`dsn`, `log`, `serve`), so a
 * file belongs to the original that knows most of its keys. If several know the same number, the last one wins, because
 * Kratos, the first, has required keys that the others do not know.
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
