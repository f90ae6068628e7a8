import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { root } from './latchkey.ts'

const ignored = new Set(['node_modules', 'dist', '.git', 'artefacts', '.latchkey', 'golden', 'target'])

/** Every file of the repository that we wrote, as a path from the root. */
export const files = ['packages', 'test', 'bench', 'scripts', 'docs', '.ci']
  .map((top) => join(root, top))
  .filter(existsSync)
  .flatMap(walk)

export const sources = files.filter((file) => /\.(ts|tsx|mjs)$/.test(file))

/** Code that runs in production: the packages without their tests and without what a generator wrote. */
export const production = sources.filter(
  (file) => /^packages\/[^/]+\/src\//.test(file) && !/\.test(-d)?\.tsx?$/.test(file) && !/\/generated\//.test(file),
)

export function textOf(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

/** Calls `see` with each node of a file's syntax tree; `lineOf` counts from 1. */
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
