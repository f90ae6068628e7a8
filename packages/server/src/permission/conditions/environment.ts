import { type CelEnv, type CelFunc, type CelResult, type CelValue, celEnv, celError, isCelError } from '@bufbuild/cel'
import { RE2JS } from '@bufbuild/re2'
import { LRUCache } from 'lru-cache'
import { functions } from './functions.ts'
import { meterFunctions, spend, weightOf } from './meter.ts'

const patterns = new LRUCache<string, RE2JS>({ max: 200 })

const standard = celEnv({
  funcs: functions,
  // RE2 runs in time linear in the text and the pattern.
  re2: {
    compile(pattern) {
      const weight = patternWeight(pattern)
      return {
        test(text) {
          spend(((text.length + 1) * weight) / 4)
          return patternOf(pattern).test(text)
        },
      }
    },
  },
})

/** The standard functions and our own. Each call is charged to the budget before it reads its arguments. */
export const environment: CelEnv = Object.create(standard, {
  funcs: { value: { find: meteredFunction } },
})

/** Operators that are not functions, since they do not evaluate all of their operands. */
const operators = ['_&&_', '_||_', '_?_:_', '_[_]', '@not_strictly_false']

export function isFunction(name: string): boolean {
  return operators.includes(name) || standard.funcs.find(name) !== undefined
}

/** Why a pattern is invalid; undefined if it is valid. */
export function patternFault(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern)
    return undefined
  } catch (error) {
    return (error as Error).message.slice(0, 200)
  }
}

function patternOf(pattern: string): RE2JS {
  const known = patterns.get(pattern)
  if (known) return known
  const made = RE2JS.compile(pattern)
  patterns.set(pattern, made)
  return made
}

/** An upper bound for the size of a pattern once its counted repetitions are expanded. */
function patternWeight(pattern: string): number {
  const counts = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].map(([, least, most]) => Number(most || least))
  return counts.reduce((weight, count) => weight * Math.max(1, count), pattern.length + 1)
}

type Caller = Pick<CelFunc, 'call'>

function meteredFunction(name: string): Caller | undefined {
  if (name === '@range' || name === '@round') {
    const spender = meterFunctions[name]
    return { call: (_id, _target, [value = null]) => attempt(() => spender(value)) }
  }
  const group = standard.funcs.find(name)
  return (
    group && {
      call: (id, target, args) => {
        const paid = attempt(() => {
          spend(args.reduce((weight: number, arg) => weight + weightOf(arg), 1 + weightOf(target)))
          return true
        })
        return isCelError(paid) ? paid : group.call(id, target, args)
      },
    }
  )
}

function attempt(action: () => CelValue): CelResult {
  try {
    return action()
  } catch (error) {
    return celError(error)
  }
}
