import { type Command, type Operand, type Pipe, TemplateError } from './ast.ts'
import type { Segment, Token } from './lexer.ts'

const maxParentheses = 50

/** How many arguments a function needs at least; undefined if there is no such function. */
export type LeastArguments = (name: string) => number | undefined

/** The tokens of one action. */
export class Tokens {
  readonly leastArguments: LeastArguments
  readonly #tokens: readonly Token[]
  readonly #source: string
  readonly #line: number
  #at = 0

  constructor({ tokens, source, line }: Exclude<Segment, string>, leastArguments: LeastArguments) {
    this.leastArguments = leastArguments
    this.#tokens = tokens
    this.#source = source
    this.#line = line
  }

  peek(): Token | undefined {
    return this.#tokens[this.#at]
  }

  next(): Token | undefined {
    return this.#tokens[this.#at++]
  }

  mark(): number {
    return this.#at
  }

  reset(mark: number): void {
    this.#at = mark
  }

  /** Takes the next token if it is this symbol. */
  takes(symbol: string): boolean {
    const found = this.peek()
    if (found?.kind !== 'symbol' || found.text !== symbol) return false
    this.#at++
    return true
  }

  /** A quoted name. */
  name(): string {
    const token = this.next()
    if (typeof token?.value !== 'string') throw this.error('a quoted name is missing')
    return token.value
  }

  finish(): void {
    const token = this.peek()
    if (token) throw this.error(`unexpected ${JSON.stringify(token.text)}`)
  }

  error(why: string): TemplateError {
    const shown = this.#source.length > 60 ? `${this.#source.slice(0, 60)}…` : this.#source
    return new TemplateError(`${shown} on line ${this.#line}: ${why}`)
  }

  get line(): number {
    return this.#line
  }
}

/** The variables that an action may use. `$` is the data that a template was given. */
export class VariableScopes {
  readonly #scopes: Set<string>[] = [new Set(['$'])]

  open(): void {
    this.#scopes.push(new Set())
  }

  close(): void {
    this.#scopes.pop()
  }

  declare(name: string): void {
    this.#scopes.at(-1)?.add(name)
  }

  has(name: string): boolean {
    return this.#scopes.some((scope) => scope.has(name))
  }
}

/** Reads a pipeline: optional variables, and commands separated by `|`. */
export function readPipe(
  tokens: Tokens,
  scopes: VariableScopes,
  { isRange = false, depth = 0 }: { isRange?: boolean; depth?: number } = {},
): Pipe {
  if (depth > maxParentheses) throw tokens.error('too many parentheses')
  const { variables, assigns } = readVariables(tokens, scopes, isRange)
  const commands: Command[] = []
  do commands.push(readCommand(tokens, scopes, depth))
  while (tokens.takes('|'))
  requireFunctions(tokens, commands)
  if (!assigns) for (const name of variables) scopes.declare(name)
  return { variables, assigns, commands, line: tokens.line }
}

/** Only functions take arguments, and they need some. */
function requireFunctions(tokens: Tokens, commands: readonly Command[]): void {
  for (const [at, { operands }] of commands.entries()) {
    const [first, ...rest] = operands
    const given = rest.length + (at > 0 ? 1 : 0)
    if (first.type !== 'function') {
      if (given > 0) throw tokens.error('a value that is no function has arguments')
    } else if (given < (tokens.leastArguments(first.name) ?? 0))
      throw tokens.error(`${first.name} needs more arguments than ${given}`)
  }
}

function readVariables(tokens: Tokens, scopes: VariableScopes, isRange: boolean) {
  const first = tokens.peek()
  const none = { variables: [], assigns: false }
  if (first?.kind !== 'variable') return none
  const start = tokens.mark()
  tokens.next()
  const variables = [first.text]
  if (isRange && tokens.takes(',')) {
    const second = tokens.next()
    if (second?.kind !== 'variable') throw tokens.error('a second variable is missing')
    variables.push(second.text)
  }
  const assigns = tokens.takes('=')
  if (!assigns && !tokens.takes(':=')) {
    if (variables.length > 1) throw tokens.error(':= is missing')
    tokens.reset(start)
    return none
  }
  const unknown = assigns && variables.find((name) => !scopes.has(name))
  if (unknown) throw tokens.error(`the variable ${unknown} is not declared`)
  return { variables, assigns }
}

function readCommand(tokens: Tokens, scopes: VariableScopes, depth: number): Command {
  const operands: Operand[] = []
  for (let token = tokens.peek(); token && startsOperand(token); token = tokens.peek()) {
    if (operands.length > 0 && !token.isApart) throw tokens.error(`a space is missing before ${token.text}`)
    operands.push(readOperand(tokens, scopes, depth))
  }
  const [first, ...rest] = operands
  if (!first) throw tokens.error('a value is missing')
  return { operands: [first, ...rest] }
}

function startsOperand({ kind, text }: Token): boolean {
  return kind !== 'symbol' || text === '(' || text === '.'
}

function readOperand(tokens: Tokens, scopes: VariableScopes, depth: number): Operand {
  const operand = readTerm(tokens, scopes, depth)
  const names: string[] = []
  for (let next = tokens.peek(); next?.kind === 'field' && !next.isApart; next = tokens.peek()) {
    names.push(next.text)
    tokens.next()
  }
  if (names.length === 0) return operand
  if (operand.type === 'constant') throw tokens.error('a constant has no fields')
  if (operand.type === 'fields') return { ...operand, names: [...operand.names, ...names] }
  return { type: 'fields', of: operand, names }
}

function readTerm(tokens: Tokens, scopes: VariableScopes, depth: number): Operand {
  const token = tokens.next() as Token
  switch (token.kind) {
    case 'constant':
      return { type: 'constant', value: token.value }
    case 'field':
      return { type: 'fields', of: { type: 'dot' }, names: [token.text] }
    case 'variable':
      if (!scopes.has(token.text)) throw tokens.error(`the variable ${token.text} is not declared`)
      return { type: 'variable', name: token.text }
    case 'word':
      if (tokens.leastArguments(token.text) === undefined)
        throw tokens.error(`the function ${token.text} is not supported`)
      return { type: 'function', name: token.text }
    default: {
      if (token.text === '.') return { type: 'dot' }
      const pipe = readPipe(tokens, scopes, { depth: depth + 1 })
      if (!tokens.takes(')')) throw tokens.error('a parenthesis is not closed')
      return { type: 'pipe', pipe }
    }
  }
}
