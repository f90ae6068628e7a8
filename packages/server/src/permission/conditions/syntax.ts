import type { parse } from '@bufbuild/cel'

/** A node of a syntax tree in which macros such as `exists` have been expanded to loops. */
export type Expression = ReturnType<typeof parse>['expr']

/** The maximum depth of a syntax tree; a chain of a hundred operators has about this depth. */
export const maxTreeDepth = 120

export interface Found {
  variables: Set<string>
  /** All function calls, with the last argument if it is a string literal. */
  calls: { name: string; argument: string | undefined }[]
  /** Message types that the expression constructs. */
  messages: string[]
  nodes: number
  depth: number
}

/**
 * Type names, which are values in CEL (`type(a) == int`) and must not be shadowed by variables. `list`, `map` and `type`
 * are type names as well, but so common as variable names that they are treated as variables.
 */
const types = ['bool', 'bytes', 'double', 'google', 'int', 'null_type', 'string', 'uint']

/** Collects what an expression refers to, and its size. */
export function walk(root: Expression): Found {
  const found: Found = { variables: new Set(), calls: [], messages: [], nodes: 0, depth: 0 }
  visit(root, { bound: new Set(types), depth: 1 })
  return found

  function visit(expression: Expression | undefined, at: { bound: ReadonlySet<string>; depth: number }): void {
    if (!expression) return
    found.nodes++
    found.depth = Math.max(found.depth, at.depth)
    // Deeper trees are refused anyway.
    if (at.depth > maxTreeDepth) return
    const inside = { ...at, depth: at.depth + 1 }
    const { exprKind: kind } = expression
    if (kind.case === 'identExpr') {
      const name = kind.value.name.replace(/^\./, '')
      if (!at.bound.has(name)) found.variables.add(name)
    } else if (kind.case === 'selectExpr') visit(kind.value.operand, inside)
    else if (kind.case === 'listExpr') for (const element of kind.value.elements) visit(element, inside)
    else if (kind.case === 'structExpr') {
      if (kind.value.messageName !== '') found.messages.push(kind.value.messageName)
      for (const { keyKind, value } of kind.value.entries) {
        if (keyKind.case === 'mapKey') visit(keyKind.value, inside)
        visit(value, inside)
      }
    } else if (kind.case === 'callExpr') {
      const { function: name, target, args } = kind.value
      found.calls.push({ name, argument: textOf(args.at(-1)) })
      for (const one of [target, ...args]) visit(one, inside)
    } else if (kind.case === 'comprehensionExpr') {
      const { iterRange, accuInit, loopCondition, loopStep, result, iterVar, accuVar } = kind.value
      for (const outer of [iterRange, accuInit]) visit(outer, inside)
      const looping = { ...inside, bound: new Set([...at.bound, iterVar, accuVar]) }
      for (const inner of [loopCondition, loopStep, result]) visit(inner, looping)
    }
  }
}

/** The value of a string literal; undefined for other nodes. */
function textOf(expression: Expression | undefined): string | undefined {
  if (expression?.exprKind.case !== 'constExpr') return undefined
  const { constantKind: constant } = expression.exprKind.value
  return constant.case === 'stringValue' ? constant.value : undefined
}
