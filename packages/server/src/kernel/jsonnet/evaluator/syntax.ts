/** A desugared program, as packages/gotools parses it (`syntax.go`). */
export type Syntax =
  | { kind: 'literal'; value: null | boolean | number | string }
  | { kind: 'array'; elements: Syntax[] }
  | ObjectSyntax
  | { kind: 'local'; binds: Binding[]; body: Syntax }
  | { kind: 'variable'; name: string }
  | { kind: 'self' }
  | { kind: 'index'; target: Syntax; index: Syntax }
  | { kind: 'conditional'; condition: Syntax; yes: Syntax; no: Syntax }
  | { kind: 'binary'; operator: string; left: Syntax; right: Syntax }
  | { kind: 'unary'; operator: string; operand: Syntax }
  | FunctionSyntax
  | { kind: 'call'; target: Syntax; arguments: Syntax[] }
  | { kind: 'error'; message: Syntax }
  | { kind: 'other' }

/** A variable of `local` or of an object. */
export interface Binding {
  name: string
  body: Syntax
}

export interface ObjectSyntax {
  kind: 'object'
  fields: { name: Syntax; body: Syntax; hide: Visibility }[]
  locals: Binding[]
}

export interface FunctionSyntax {
  kind: 'function'
  parameters: string[]
  body: Syntax
}

/** Of a field with `:`, `::` and `:::`. */
export type Visibility = 'inherit' | 'hidden' | 'visible'

/** Whether an object refers to itself, by `self` or `$`, so that its fields differ once another object extends it. */
export function refersToItself({ fields, locals }: ObjectSyntax): boolean {
  return mentionsSelf(fields) || mentionsSelf(locals.filter(({ name }) => name !== '$'))
}

function mentionsSelf(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false
  const { kind, name } = part as { kind?: unknown; name?: unknown }
  if (kind === 'self' || (kind === 'variable' && name === '$')) return true
  return Object.values(part).some(mentionsSelf)
}
