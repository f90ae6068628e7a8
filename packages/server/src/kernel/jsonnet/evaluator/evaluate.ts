import { binary, unary } from './operators.ts'
import { type Binding, type FunctionSyntax, type ObjectSyntax, refersToItself, type Syntax } from './syntax.ts'
import {
  Cancelled,
  cancellation,
  type Field,
  JsonnetFunction,
  JsonnetObject,
  lazy,
  NotCovered,
  type Thunk,
  type Value,
} from './values.ts'

/** The variables and the object that an expression sees. */
export interface Scope {
  readonly names: ReadonlyMap<string, Thunk>
  readonly outer?: Scope
  readonly self?: JsonnetObject
  /** Counts the expressions of an evaluation. */
  readonly budget: { steps: number }
}

/**
 * The value of an expression.
 * @throws NotCovered
 */
export function evaluate(syntax: Syntax, scope: Scope): Value {
  if (--scope.budget.steps < 0) throw new NotCovered('a long evaluation')
  switch (syntax.kind) {
    case 'literal':
      return syntax.value
    case 'array':
      return syntax.elements.map((element) => lazy(() => evaluate(element, scope)))
    case 'object':
      return objectOf(syntax, scope)
    case 'local':
      return evaluate(syntax.body, withBindings(syntax.binds, scope))
    case 'variable':
      return lookUp(syntax.name, scope)
    case 'self':
      return scope.self ?? notCovered('self outside an object')
    case 'index':
      return indexOf(evaluate(syntax.target, scope), evaluate(syntax.index, scope))
    case 'conditional':
      return evaluate(isTrue(syntax.condition, scope) ? syntax.yes : syntax.no, scope)
    case 'binary': {
      const { operator, left, right } = syntax
      if (operator === '&&') return isTrue(left, scope) && isTrue(right, scope)
      if (operator === '||') return isTrue(left, scope) || isTrue(right, scope)
      return binary(operator, evaluate(left, scope), evaluate(right, scope))
    }
    case 'unary':
      return unary(syntax.operator, evaluate(syntax.operand, scope))
    case 'function':
      return functionOf(syntax, scope)
    case 'call':
      return callOf(evaluate(syntax.target, scope), syntax.arguments, scope)
    case 'error':
      throw errorOf(evaluate(syntax.message, scope))
    case 'other':
      return notCovered('an expression of another kind')
  }
}

/** Any other message comes with its place in the source. */
function errorOf(message: Value): Error {
  return message === cancellation ? new Cancelled() : new NotCovered('an error')
}

function notCovered(what: string): never {
  throw new NotCovered(what)
}

function isTrue(syntax: Syntax, scope: Scope): boolean {
  const value = evaluate(syntax, scope)
  return typeof value === 'boolean' ? value : notCovered('a condition that is no boolean')
}

function lookUp(name: string, scope: Scope): Value {
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const thunk = at.names.get(name)
    if (thunk) return thunk()
  }
  throw new NotCovered(`the variable ${name}`)
}

/** All bindings see each other. */
function withBindings(binds: readonly Binding[], outer: Scope, self = outer.self): Scope {
  const names = new Map<string, Thunk>()
  const { budget } = outer
  const scope: Scope = { names, outer, budget, ...(self && { self }) }
  for (const { name, body } of binds)
    names.set(
      name,
      lazy(() => evaluate(body, scope)),
    )
  return scope
}

function objectOf(syntax: ObjectSyntax, scope: Scope): JsonnetObject {
  const fields = new Map<string, Field>()
  const object = new JsonnetObject(fields, isSelfReference(syntax))
  const inside = withBindings(syntax.locals, scope, object)
  for (const { name: nameSyntax, body, hide } of syntax.fields) {
    const name = evaluate(nameSyntax, scope)
    // A field without a name is left out.
    if (name === null) continue
    if (typeof name !== 'string' || fields.has(name)) throw new NotCovered('a name that is no text or is there twice')
    fields.set(name, { hide, value: lazy(() => evaluate(body, inside)) })
  }
  return object
}

const selfReferences = new WeakMap<ObjectSyntax, boolean>()

function isSelfReference(syntax: ObjectSyntax): boolean {
  const known = selfReferences.get(syntax)
  if (known !== undefined) return known
  const answer = refersToItself(syntax)
  selfReferences.set(syntax, answer)
  return answer
}

function indexOf(target: Value, index: Value): Value {
  if (target instanceof JsonnetObject && typeof index === 'string') {
    const field = target.fields.get(index)
    if (field) return field.value()
  }
  if (Array.isArray(target) && typeof index === 'number') {
    const element = target[index]
    if (element) return element()
  }
  throw new NotCovered('no such field or element')
}

function functionOf({ parameters, body }: FunctionSyntax, outer: Scope): JsonnetFunction {
  return new JsonnetFunction(parameters, (args) => {
    if (args.length !== parameters.length) throw new NotCovered('another number of arguments')
    const names = new Map(parameters.map((name, i) => [name, args[i] as Thunk]))
    return evaluate(body, { ...outer, names, outer })
  })
}

function callOf(target: Value, args: readonly Syntax[], scope: Scope): Value {
  if (!(target instanceof JsonnetFunction)) throw new NotCovered('a call of what is no function')
  return target.call(args.map((arg) => lazy(() => evaluate(arg, scope))))
}
