import { type CelEnv, type CelFunc, type CelResult, type CelValue, celEnv, celError, isCelError } from '@bufbuild/cel'
import { functions } from './functions.ts'
import { isOwnPattern, meterFunctions, spend, weightOf } from './meter.ts'
import { compileSteps, matchWithinBudget } from './patterns.ts'

const standard = celEnv({
  funcs: functions,
  re2: {
    compile(text) {
      // Charged whether or not it is cached, so that the outcome does not depend on earlier requests.
      if (!isOwnPattern(text)) spend(text.length / 4 + compileSteps(text))
      return { test: (value) => matchWithinBudget(text, value) }
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
