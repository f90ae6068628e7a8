import { readFile, stat } from 'node:fs/promises'
import { isNode, isPair, isScalar, LineCounter, type Node, type Pair, parseDocument, visit } from 'yaml'
import { ConfigError, type Problem } from './problems.ts'

export type Path = readonly (string | number)[]

/** The contents of a file, with the location of every key. */
export interface Document {
  file: string
  value: unknown
  /** The location of the key at `path`; for a missing key, that of its nearest existing ancestor. */
  locate(path: Path): { file?: string; line: number; column: number }
}

const maxFileBytes = 4 << 20

/**
 * Reads a YAML 1.2 or JSON file.
 * @throws ConfigError if it cannot be read, is larger than 4 MiB, or cannot be parsed
 */
export async function readDocument(file: string): Promise<Document> {
  return parseText(await readBounded(file), file)
}

export function parseText(text: string, file: string): Document {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', prettyErrors: false })
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map((error) => syntaxProblem(file, error.message, lines.linePos(error.pos[0]))),
    )
  }
  const offsets = new Map<string, number>()
  visit(document, {
    Pair: (_, pair, parents) => void offsets.set(pathOf(pair, parents).join('\0'), startOf(pair.key)),
    Value: (key, node, parents) => {
      if (typeof key === 'number') offsets.set(pathOf(key, parents).join('\0'), startOf(node))
    },
  })
  const locate = (path: Path) => {
    for (let depth = path.length; depth > 0; depth--) {
      const offset = offsets.get(path.slice(0, depth).map(String).join('\0'))
      if (offset !== undefined) return place(lines.linePos(offset))
    }
    return place(lines.linePos(startOf(document.contents)))
  }
  return { file, value: document.toJS({ maxAliasCount: 100 }), locate }
}

async function readBounded(file: string): Promise<string> {
  const refuse = (found: string) =>
    new ConfigError([{ file, key: '', expected: 'a YAML or JSON file of at most 4 MiB', found }])
  const status = await stat(file).catch(() => undefined)
  if (!status) throw refuse('no such file')
  if (!status.isFile()) throw refuse('not a regular file')
  if (status.size > maxFileBytes) throw refuse(`${status.size} bytes`)
  return readFile(file, 'utf8')
}

function pathOf(last: Pair | number, parents: readonly unknown[]): string[] {
  const path: string[] = []
  parents.forEach((parent, index) => {
    const child = parents[index + 1] ?? last
    if (isPair(parent)) path.push(keyOf(parent))
    else if (isSequence(parent) && child !== last) path.push(String(parent.items.indexOf(child as Node)))
  })
  path.push(typeof last === 'number' ? String(last) : keyOf(last))
  return path
}

function isSequence(node: unknown): node is { items: Node[] } {
  return isNode(node) && 'items' in node && node.constructor.name === 'YAMLSeq'
}

function keyOf(pair: Pair): string {
  return String(isScalar(pair.key) ? pair.key.value : pair.key)
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0
}

function place(position: { line: number; col: number }) {
  return { line: Math.max(1, position.line), column: Math.max(1, position.col) }
}

function syntaxProblem(file: string, message: string, position: { line: number; col: number }): Problem {
  const found = message.replace(/\s+/g, ' ').slice(0, 200)
  return { file, ...place(position), key: '', expected: 'YAML or JSON', found: `a syntax error (${found})` }
}
