import ts from 'typescript'

const tests = new Set(['test', 'it'])
/** What does not keep a test from running. */
const plain = new Set(['each', 'for', 'sequential', 'concurrent'])

/**
 * The titles of the tests in a file that run whenever the file runs and expect something: neither a test nor a group
 * around it is skipped, to be done, or run on a condition.
 */
export function runningTests(text: string): string[] {
  const source = ts.createSourceFile('x.test.ts', text, ts.ScriptTarget.Latest, true)
  const helpers = expectingFunctions(source)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const call = ts.isCallExpression(node) ? calledAs(node) : undefined
    const [title] = ts.isCallExpression(node) ? node.arguments : []
    if (call && tests.has(call.name)) {
      if (call.runs && title && ts.isStringLiteralLike(title) && expectsIn(node, helpers)) found.push(title.text)
      return
    }
    if (call?.name === 'describe' && !call.runs) return
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** `test.each(…)(…)` is called as `test`, and runs; `test.skip(…)` does not. */
function calledAs({ expression, arguments: given }: ts.CallExpression): { name: string; runs: boolean } | undefined {
  if (given.length === 0) return undefined
  const modifiers: string[] = []
  let callee: ts.Expression = expression
  while (!ts.isIdentifier(callee)) {
    if (ts.isPropertyAccessExpression(callee)) modifiers.push(callee.name.text)
    else if (!ts.isCallExpression(callee)) return undefined
    callee = callee.expression
  }
  const isTable = modifiers.some((name) => name === 'each' || name === 'for')
  if (isTable && !ts.isCallExpression(expression)) return undefined
  return { name: callee.text, runs: modifiers.every((name) => plain.has(name)) }
}

/** The functions of a file that expect something, by name. */
function expectingFunctions(source: ts.SourceFile): Set<string> {
  const names = new Set(['expect'])
  const visit = (node: ts.Node): void => {
    const isNamed = (ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node)) && node.name
    if (isNamed && ts.isIdentifier(isNamed) && expectsIn(node, names)) names.add(isNamed.text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return names
}

function expectsIn(node: ts.Node, names: ReadonlySet<string>): boolean {
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && names.has(node.expression.text)) return true
  return ts.forEachChild(node, (child) => expectsIn(child, names)) ?? false
}
