import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { root } from './latchkey.ts'

const ignored = new Set(['node_modules', 'dist', '.git', 'artefacts', '.latchkey', 'golden', 'target'])

/** All files in the source folders except dependencies, build output and recordings, as paths from the root. */
export const files = ['packages', 'test', 'bench', 'scripts', 'docs', '.ci']
  .map((top) => join(root, top))
  .filter(existsSync)
  .flatMap(walk)

export const sources = files.filter((file) => /\.(ts|tsx|mjs)$/.test(file))

/** Code that runs in production: the packages without tests and generated code. */
export const production = sources.filter(
  (file) => /^packages\/[^/]+\/src\//.test(file) && !/\.test(-d)?\.tsx?$/.test(file) && !/\/generated\//.test(file),
)

export function textOf(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

/** Calls `see` with each node of the syntax tree of a file; `lineOf` returns 1-based lines. */
export function visitNodes(file: string, see: (node: ts.Node, lineOf: (position: number) => number) => void): void {
  const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true)
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1
  const visit = (node: ts.Node): void => {
    see(node, lineOf)
    ts.forEachChild(node, visit)
  }
  visit(source)
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (ignored.has(entry.name) || entry.name.startsWith('.')) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? walk(path) : [relative(root, path)]
  })
}
