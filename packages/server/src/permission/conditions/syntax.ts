import type { parse } from '@bufbuild/cel'

/** A node of an expression's tree, macros such as `exists` being loops already. */
export type Expression = ReturnType<typeof parse>['expr']

/** How deep a tree may be; a chain of a hundred operators is as deep as that. */
export const deepest = 120

export interface Found {
  variables: Set<string>
  /** Each function that is called, with the last argument where that is a text in the expression itself. */
  calls: { name: string; argument: string | undefined }[]
  /** Types that are constructed by their names. */
  messages: string[]
  nodes: number
  depth: number
}

/**
 * Names of types, which are values of the language (`type(a) == int`): a variable of such a name would change what they
 * mean. `list`, `map` and `type` name types as well, but are what people call their variables, and so they are those.
 */
const types = ['bool', 'bytes', 'double', 'google', 'int', 'null_type', 'string', 'uint']

/** What an expression needs and how large it is. */
export function walk(root: Expression): Found {
  const found: Found = { variables: new Set(), calls: [], messages: [], nodes: 0, depth: 0 }
  visit(root, { bound: new Set(types), depth: 1 })
  return found

  function visit(expression: Expression | undefined, at: { bound: ReadonlySet<string>; depth: number }): void {
    if (!expression) return
    found.nodes++
    found.depth = Math.max(found.depth, at.depth)
    // What is deeper is refused anyway.
    if (at.depth > deepest) return
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

/** The text that a node is, if it is one. */
function textOf(expression: Expression | undefined): string | undefined {
  if (expression?.exprKind.case !== 'constExpr') return undefined
  const { constantKind: constant } = expression.exprKind.value
  return constant.case === 'stringValue' ? constant.value : undefined
}
