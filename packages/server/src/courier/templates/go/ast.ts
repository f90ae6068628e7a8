/** The statements of a template. */
export type Statement =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'action'; readonly pipe: Pipe }
  | { readonly type: 'if' | 'with' | 'range'; readonly pipe: Pipe; readonly body: Body; readonly otherwise: Body }
  | { readonly type: 'template'; readonly name: string; readonly pipe?: Pipe; readonly line: number }
  | { readonly type: 'break' | 'continue' }

export type Body = readonly Statement[]

/** Commands of which each one's result is the last argument of the next; the variables take the result. */
export interface Pipe {
  readonly variables: readonly string[]
  /** Whether the variables exist already (`=`) and are not declared (`:=`). */
  readonly assigns: boolean
  readonly commands: readonly Command[]
  readonly line: number
}

/** An operand, or a function or field with arguments. */
export interface Command {
  readonly operands: readonly [Operand, ...Operand[]]
}

export type Operand =
  | { readonly type: 'dot' }
  | { readonly type: 'constant'; readonly value: unknown }
  | { readonly type: 'variable'; readonly name: string }
  | { readonly type: 'function'; readonly name: string }
  | { readonly type: 'pipe'; readonly pipe: Pipe }
  | { readonly type: 'fields'; readonly of: Operand; readonly names: readonly string[] }

/** A parsed file: its own statements, and the templates that it defines by name. */
export interface ParsedFile {
  readonly body: Body
  readonly defined: ReadonlyMap<string, Body>
}

/** A template that cannot be used; the message names the part and the line. */
export class TemplateError extends Error {
  override name = 'TemplateError'
}
