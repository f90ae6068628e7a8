import { dirname } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { files, production, sources, textOf, visitNodes } from './stage/sources.ts'

const maxFileLines = 300
/** Files that may be longer, each with its reason. */
const longFiles: Record<string, string> = {
  'packages/pages/test/fixtures.ts': 'one page after the other, as data',
  'packages/api/src/ory-types.test-d.ts': 'one line for each model',
  'packages/server/test/provider-answers.ts': 'one provider after the other, as data',
}

const maxFunctionLines = 70
/** Functions that may be longer, by file, each with its reason. */
const longFunctions: Record<string, string> = {}

const minListWords = 4
/** Lists of words that may be in more than one file, each with its reason. */
const repeatedLists: Record<string, string> = {
  'namespace object relation subject_namespace subject_object subject_relation':
    'a migration names columns as they were when it was written',
}

/** Words that end like participles and are none. */
const notParticiples = new Set(['beginning', 'ping', 'substring'])

const forbiddenFolders = new Set(['utils', 'util', 'common', 'helpers', 'helper', 'shared', 'x', 'misc', 'lib'])

/** Names of places where this was written rather than of what it is. Put together here so that this file has none. */
const workplace = [
  ['', 'work', 'main'],
  ['', 'work', 'shared'],
  ['', 'tmp', 'ref'],
  ['', 'tmp', 'brief'],
].map((parts) => parts.join('/'))

describe('the sources', () => {
  it('are found', () => {
    expect(production.length).toBeGreaterThan(200)
  })

  it('have no catch-all folders', () => {
    const folders = new Set(files.flatMap((file) => dirname(file).split('/')))
    expect([...folders].filter((folder) => forbiddenFolders.has(folder))).toEqual([])
  })

  it(`have files of at most ${maxFileLines} lines`, () => {
    const isLong = (file: string) => textOf(file).split('\n').length - 1 > maxFileLines
    const long = sources.filter((file) => !file.includes('/generated/') && isLong(file))
    expect(long.sort()).toEqual(Object.keys(longFiles).sort())
  })

  it(`have functions of at most ${maxFunctionLines} lines`, () => {
    const long = production.filter((file) => linesOfLongestFunction(file) > maxFunctionLines)
    expect(long.sort()).toEqual(Object.keys(longFunctions).sort())
  })

  it(`contain no list of ${minListWords} or more words in two files`, () => {
    const places = new Map<string, Set<string>>()
    for (const file of production) {
      for (const list of listsOfWords(file)) places.set(list, (places.get(list) ?? new Set()).add(file))
    }
    const repeated = [...places].filter(([, where]) => where.size > 1).map(([list]) => list)
    expect(repeated.sort()).toEqual(Object.keys(repeatedLists).sort())
  })

  it('have no functions named by a lone participle', () => {
    const names = production.flatMap((file) => functionNames(file).map((name) => `${name} in ${file}`))
    expect(names.length).toBeGreaterThan(1000)
    expect(
      names.filter((name) => /^[a-z]+(ed|ing) /.test(name) && !notParticiples.has(name.split(' ')[0] ?? '')),
    ).toEqual([])
  })

  it('have no to-do comments and no suppressions without a reason', () => {
    const words = /\b(TODO|FIXME|XXX)\b|@ts-ignore|@ts-nocheck|biome-ignore-all/
    expect(production.filter((file) => words.test(textOf(file)))).toEqual([])
  })

  it('do not name the place where they were written', () => {
    expect(files.filter((file) => workplace.some((word) => textOf(file).includes(word)))).toEqual([])
  })
})

function functionNames(file: string): string[] {
  const names: string[] = []
  visitNodes(file, (node) => {
    if (ts.isFunctionDeclaration(node) && node.name) names.push(node.name.text)
    if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name) || !node.initializer) return
    if (ts.isArrowFunction(node.initializer)) names.push(node.name.text)
  })
  return names
}

function linesOfLongestFunction(file: string): number {
  let longest = 0
  visitNodes(file, (node, lineOf) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return
    longest = Math.max(longest, lineOf(node.end) - lineOf(node.getStart()) + 1)
  })
  return longest
}

/** The string arrays and unions of literal types in a file, each sorted alphabetically. */
function listsOfWords(file: string): string[] {
  const lists: string[] = []
  visitNodes(file, (node) => {
    const items = ts.isArrayLiteralExpression(node) ? node.elements : ts.isUnionTypeNode(node) ? node.types : []
    const words = items.map((item) => wordOf(item))
    if (words.length < minListWords || words.includes(undefined)) return
    lists.push(words.sort().join(' '))
  })
  return lists
}

function wordOf(node: ts.Node): string | undefined {
  const literal = ts.isLiteralTypeNode(node) ? node.literal : node
  return ts.isStringLiteral(literal) ? literal.text : undefined
}
