import { textOf } from './json-text.ts'
import { compareTexts } from './text-order.ts'
import { type Field, finite, JsonnetObject, NotCovered, type Value } from './values.ts'

/** The result of a binary operator other than `&&` and `||`, whose operands are always evaluated. */
export function binary(operator: string, left: Value, right: Value): Value {
  switch (operator) {
    case '+':
      return plus(left, right)
    case '==':
      return equals(left, right)
    case '!=':
      return !equals(left, right)
    case '<':
      return compare(left, right) < 0
    case '<=':
      return compare(left, right) <= 0
    case '>':
      return compare(left, right) > 0
    case '>=':
      return compare(left, right) >= 0
  }
  if (typeof left !== 'number' || typeof right !== 'number') throw new NotCovered('an operand that is no number')
  if (operator === '-') return finite(left - right)
  if (operator === '*') return finite(left * right)
  throw new NotCovered(`the operator ${operator}`)
}

export function unary(operator: string, operand: Value): Value {
  if (operator === '!' && typeof operand === 'boolean') return !operand
  if (operator === '-' && typeof operand === 'number') return -operand
  throw new NotCovered(`the operator ${operator}`)
}

function plus(left: Value, right: Value): Value {
  if (typeof left === 'string' || typeof right === 'string') return concatenate(textOf(left), textOf(right))
  if (typeof left === 'number' && typeof right === 'number') return finite(left + right)
  if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right]
  if (left instanceof JsonnetObject && right instanceof JsonnetObject) return extend(left, right)
  throw new NotCovered('operands that cannot be added')
}

const maxTextLength = 1 << 18

function concatenate(left: string, right: string): string {
  if (left.length + right.length > maxTextLength) throw new NotCovered('a long text')
  return left + right
}

/** A field with `:` keeps the visibility that it has in the object that is extended. */
function extend(left: JsonnetObject, right: JsonnetObject): JsonnetObject {
  if (left.refersToItself || right.refersToItself) throw new NotCovered('an extended object that refers to itself')
  const fields = new Map<string, Field>(left.fields)
  for (const [name, { hide, value }] of right.fields)
    fields.set(name, { hide: hide === 'inherit' ? (left.fields.get(name)?.hide ?? hide) : hide, value })
  return new JsonnetObject(fields)
}

function equals(left: Value, right: Value): boolean {
  if (typeof left === 'object' && left !== null && typeof right === 'object' && right !== null)
    throw new NotCovered('a comparison of objects')
  return left === right
}

function compare(left: Value, right: Value): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (typeof left === 'string' && typeof right === 'string') return compareTexts(left, right)
  throw new NotCovered('operands that have no order')
}
