import { evaluate } from './evaluate.ts'
import { printJson } from './json-text.ts'
import { standardLibrary } from './library.ts'
import type { Syntax } from './syntax.ts'
import { fromJson, JsonnetFunction, lazy, NotCovered, type Thunk, type Value } from './values.ts'

/** More expressions than these are left to the reference implementation, which can be interrupted. */
const maxSteps = 5_000
const maxInputLength = 64 << 10
const maxOutputLength = 64 << 10
const maxSyntaxLength = 256 << 10

/** As it is, or as JSON escapes it. */
const halfPair = /\p{Surrogate}|\\u[dD][89a-fA-F]/u

/** JSON texts by name. */
export type Inputs = Readonly<Record<string, string>>

/**
 * Evaluates a program at once if it only maps data; undefined if the reference implementation has to answer.
 * @throws Cancelled
 */
export type Program = (variables: Inputs, parameters: Inputs) => string | undefined

/** The program of a syntax tree in JSON; undefined if it is too large. */
export function programOf(syntaxText: string): Program | undefined {
  if (syntaxText.length > maxSyntaxLength) return undefined
  const syntax = JSON.parse(syntaxText) as Syntax
  return (variables, parameters) => {
    try {
      return run(syntax, variables, parameters)
    } catch (error) {
      // A program that is nested too deep overflows the stack.
      if (error instanceof NotCovered || error instanceof RangeError) return undefined
      throw error
    }
  }
}

function run(syntax: Syntax, variables: Inputs, parameters: Inputs): string | undefined {
  if (!areSimple([...Object.values(variables), ...Object.values(parameters)])) return undefined
  const std = standardLibrary(thunksOf(variables))
  const names = new Map<string, Thunk>(['std', '$std'].map((name) => [name, () => std]))
  const result = evaluate(syntax, { names, budget: { steps: maxSteps } })
  const output = printJson(result instanceof JsonnetFunction ? callProgram(result, thunksOf(parameters)) : result)
  return output.length > maxOutputLength ? undefined : output
}

/** Half of a surrogate pair is replaced by the reference implementation. */
function areSimple(texts: readonly string[]): boolean {
  const length = texts.reduce((sum, text) => sum + text.length, 0)
  return length <= maxInputLength && texts.every((text) => !halfPair.test(text))
}

function thunksOf(inputs: Inputs): Map<string, Thunk> {
  return new Map(Object.entries(inputs).map(([name, text]) => [name, lazy(() => fromJson(JSON.parse(text)))]))
}

/** The function that a program is gets the parameters by name. */
function callProgram(program: JsonnetFunction, parameters: ReadonlyMap<string, Thunk>): Value {
  const names = program.parameters ?? []
  const args = names.flatMap((name) => parameters.get(name) ?? [])
  if (args.length !== parameters.size) throw new NotCovered('a parameter that the function does not have')
  return program.call(args)
}
