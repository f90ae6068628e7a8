import { builtins } from './builtins.ts'
import { dataFunctions } from './sprig-data.ts'
import { dateFunctions } from './sprig-dates.ts'
import { numberFunctions } from './sprig-numbers.ts'
import { textFunctions } from './sprig-texts.ts'
import type { Value } from './values.ts'

// biome-ignore lint/suspicious/noExplicitAny: each function converts its arguments itself
export type GoFunction = (...given: any[]) => Value
export type FunctionTable = ReadonlyMap<string, GoFunction>

/** These are evaluated specially: their operands only as far as needed. */
const lazy = ['and', 'or']

const pure: readonly (readonly [string, GoFunction])[] = Object.entries({
  ...builtins,
  ...textFunctions,
  ...numberFunctions,
  ...dataFunctions,
})

/**
 * The functions of templates: those of Go's text/template, and of sprig those that compute something from their
 * arguments or the time. Not there: random values, keys and certificates, hashes of passwords, and whatever reads the
 * environment, files or the network.
 */
export function functionsAt(now: number): FunctionTable {
  return new Map<string, GoFunction>([...pure, ...Object.entries(dateFunctions(now))])
}

const arities = new Map([...lazy.map((name) => [name, 1] as const), ...leastArguments(functionsAt(0))])

function leastArguments(table: FunctionTable): [string, number][] {
  return [...table].map(([name, { length }]) => [name, length])
}

/** How many arguments a function needs at least; undefined if there is no such function. */
export function leastArgumentsOf(name: string): number | undefined {
  return arities.get(name)
}
