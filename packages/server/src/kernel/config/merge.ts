import { type Document, type Path, readDocument } from './document.ts'
import { allParts } from './part.ts'
import { isTree, type Tree } from './walk.ts'

/** One or more files read as one document. */
export interface MergedDocument extends Document {
  /** The first file. */
  readonly file: string
  /** All files, to be watched. */
  readonly files: readonly string[]
}

/**
 * Reads files and merges them as the originals do: maps are merged, and any other value, including a list, replaces the
 * value of the files before it.
 * @throws ConfigError with the problems of all files
 */
export async function readDocuments(paths: string | readonly [string, ...string[]]): Promise<MergedDocument> {
  const documents = await allParts([paths].flat().map((path) => readDocument(path)))
  const [first] = documents as [Document, ...Document[]]
  return {
    file: first.file,
    files: documents.map(({ file }) => file),
    value: documents.map(({ value }) => value).reduce(merge),
    locate: (path) => locate(documents, path) ?? first.locate(path),
  }
}

/** Merges two values: maps are merged, and any other value replaces the earlier one. */
export function merge(earlier: unknown, later: unknown): unknown {
  // An empty file changes nothing.
  if (later === undefined || later === null) return earlier
  if (!isTree(earlier) || !isTree(later)) return later
  const merged: Tree = { ...earlier }
  for (const [key, value] of Object.entries(later)) merged[key] = key in earlier ? merge(earlier[key], value) : value
  return merged
}

/** The location in the last file that has the key, or otherwise its nearest ancestor. */
function locate(documents: readonly Document[], path: Path): ReturnType<Document['locate']> | undefined {
  for (let depth = path.length; depth > 0; depth--) {
    const found = documents.findLast(({ value }) => has(value, path.slice(0, depth)))
    if (found) return { file: found.file, ...found.locate(path) }
  }
  return undefined
}

function has(value: unknown, path: Path): boolean {
  const [key, ...rest] = path
  if (key === undefined) return true
  if (Array.isArray(value)) return typeof key === 'number' && key < value.length && has(value[key], rest)
  return isTree(value) && Object.hasOwn(value, key) && has(value[key], rest)
}
