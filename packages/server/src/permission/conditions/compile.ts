import { type CelResult, parse, plan } from '@bufbuild/cel'
import { LRUCache } from 'lru-cache'
import { countSteps } from '../turn.ts'
import { environment, isFunction } from './environment.ts'
import { meterLoops } from './meter.ts'
import { patternsFault } from './patterns.ts'
import { type Expression, type Found, maxTreeDepth, walk } from './syntax.ts'
import type { Variables } from './variables.ts'

/** An expression ready to be evaluated, or why it cannot be. */
export type Program =
  | {
      readonly fault?: undefined
      /** The variables that it uses. */
      readonly variables: readonly string[]
      /** The number of syntax nodes, counting each loop body once. */
      readonly nodes: number
      /** The patterns that it contains. */
      readonly patterns: ReadonlySet<string>
      readonly run: (values: Variables) => CelResult
    }
  | { readonly fault: string }

/** Compiling takes far longer than evaluating. A node takes about 400 bytes, which limits the cache to about 20 MB. */
const programs = new LRUCache<string, Program>({
  maxSize: 50_000,
  sizeCalculation: (program) => 10 + (program.fault === undefined ? program.nodes : 0),
})

/** Parsing takes 5 to 10 µs a character, as much as one or two steps of a search. */
const stepsPerCharacter = 2

export function compileCached(expression: string): Program {
  const known = programs.get(expression)
  if (known) return known
  const program = compile(expression)
  countSteps(expression.length * stepsPerCharacter)
  programs.set(expression, program)
  return program
}

const maxBracketDepth = 20

function compile(text: string): Program {
  // Checked before parsing, as deep nesting makes the parser slow. Brackets in strings count too, which is harmless.
  if (bracketDepth(text) > maxBracketDepth) return { fault: `brackets are nested at most ${maxBracketDepth} deep` }
  try {
    const { expr } = parse(text)
    const found = walk(expr)
    const fault = faultIn(expr, found)
    if (fault !== undefined) return { fault }
    // The library propagates errors passed as variable values, although its types do not allow them.
    const run = plan(environment, meterLoops(expr)) as (values: Variables) => CelResult
    return { variables: [...found.variables], nodes: found.nodes, patterns: new Set(patternsIn(found)), run }
  } catch (error) {
    return { fault: parseFault(error as Error) }
  }
}

/** Shortens parser errors: `<input>:LINE:COLUMN: found … but expecting` is followed by every token allowed there. */
function parseFault({ message }: Error): string {
  const [, line, column, what = message] = /^<input>:(\d+):(\d+): (.*)$/s.exec(message) ?? []
  const [found = ''] = what.split(' but expecting')
  return line === undefined ? found.slice(0, 200) : `line ${line}, column ${column}: ${found.slice(0, 200)}`
}

function faultIn({ exprKind: root }: Expression, found: Found): string | undefined {
  if (found.depth > maxTreeDepth) return `it is nested at most ${maxTreeDepth} deep`
  if (found.messages.length > 0) return `there is no type ${found.messages[0]}`
  const unknown = found.calls.find(({ name }) => !isFunction(name))
  if (unknown) return `there is no function ${unknown.name}`
  const patternFault = patternsFault(patternsIn(found))
  if (patternFault !== undefined) return patternFault
  const isBoolean = root.case !== 'constExpr' || root.value.constantKind.case === 'boolValue'
  return isBoolean && root.case !== 'listExpr' && root.case !== 'structExpr'
    ? undefined
    : 'it gives neither true nor false'
}

function patternsIn({ calls }: Found): string[] {
  return calls.flatMap(({ name, argument }) => (name === 'matches' && argument !== undefined ? [argument] : []))
}

function bracketDepth(text: string): number {
  let [depth, most] = [0, 0]
  for (const sign of text) {
    if ('([{'.includes(sign)) most = Math.max(most, ++depth)
    else if (')]}'.includes(sign)) depth--
  }
  return most
}
