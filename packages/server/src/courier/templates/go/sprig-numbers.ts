import { TemplateError } from './ast.ts'
import { limitItems } from './budget.ts'
import { floatOf, integerOf, type Value } from './values.ts'

/** sprig's functions for numbers: integers of 64 bits, and those that end in f for floating point. */
export const numberFunctions = {
  atoi: (value: Value) => integerOf(value),
  int: (value: Value) => integerOf(value),
  int64: (value: Value) => integerOf(value),
  float64: (value: Value) => floatOf(value),
  add1: (value: Value) => wrap(integerOf(value) + 1n),
  add: (...values: Value[]) => values.reduce<bigint>((sum, value) => wrap(sum + integerOf(value)), 0n),
  sub: (first: Value, second: Value) => wrap(integerOf(first) - integerOf(second)),
  mul: (...values: Value[]) => values.reduce<bigint>((product, value) => wrap(product * integerOf(value)), 1n),
  div: (first: Value, second: Value) => integerOf(first) / divisor(second),
  mod: (first: Value, second: Value) => integerOf(first) % divisor(second),
  max: greatest,
  biggest: greatest,
  min: (first: Value, ...more: Value[]) => -greatest(-integerOf(first), ...more.map((value) => -integerOf(value))),
  add1f: (value: Value) => exact(floatOf(value) + 1),
  addf: (...values: Value[]) => values.reduce<number>((sum, value) => exact(sum + floatOf(value)), 0),
  subf: (first: Value, ...more: Value[]) => more.reduce<number>((a, b) => exact(a - floatOf(b)), floatOf(first)),
  mulf: (first: Value, ...more: Value[]) => more.reduce<number>((a, b) => exact(a * floatOf(b)), floatOf(first)),
  divf: (first: Value, ...more: Value[]) => more.reduce<number>((a, b) => exact(a / floatDivisor(b)), floatOf(first)),
  maxf: (...values: Value[]) => Math.max(...values.map(floatOf)),
  minf: (...values: Value[]) => Math.min(...values.map(floatOf)),
  ceil: (value: Value) => Math.ceil(floatOf(value)),
  floor: (value: Value) => Math.floor(floatOf(value)),
  round: (value: Value, digits: Value) => round(floatOf(value), Number(digits)),
  until: (end: Value) => steps(0n, integerOf(end), integerOf(end) < 0n ? -1n : 1n),
  untilStep: (from: Value, to: Value, by: Value) => steps(integerOf(from), integerOf(to), integerOf(by)),
  seq: (...bounds: Value[]) => sequence(bounds.map(integerOf)),
}

const wrap = (value: bigint) => BigInt.asIntN(64, value)

/** sprig computes with decimals, so that 0.1 and 0.2 make 0.3. */
const exact = (value: number) => Number(value.toPrecision(15))

function divisor(value: Value): bigint {
  const number = integerOf(value)
  if (number === 0n) throw new TemplateError('a division by zero')
  return number
}

function floatDivisor(value: Value): number {
  const number = floatOf(value)
  if (number === 0) throw new TemplateError('a division by zero')
  return number
}

function greatest(first: Value, ...more: Value[]): bigint {
  let all = integerOf(first)
  for (const value of more.map(integerOf)) if (value > all) all = value
  return all
}

function round(value: number, digits: number): number {
  const factor = 10 ** Math.min(Math.max(digits || 0, 0), 15)
  return Math.round(value * factor) / factor
}

function steps(from: bigint, to: bigint, by: bigint): bigint[] {
  if (by === 0n || by > 0n !== to > from) return []
  const count = Number((to - from + by - (by > 0n ? 1n : -1n)) / by)
  limitItems(count)
  return Array.from({ length: count }, (_, at) => from + BigInt(at) * by)
}

/** As the command `seq`: the end, start and end, or start, step and end; the end is included. */
function sequence([a, b, c]: bigint[]): string {
  const [from, by, to] = c !== undefined ? [a, b, c] : b !== undefined ? [a, undefined, b] : [1n, undefined, a]
  if (from === undefined || to === undefined) return ''
  const step = by ?? (to >= from ? 1n : -1n)
  return steps(from, to + (step > 0n ? 1n : -1n), step).join(' ')
}
