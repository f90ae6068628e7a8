import { type Body, type Command, type Operand, type Pipe, type Statement, TemplateError } from './ast.ts'
import type { Budget } from './budget.ts'
import type { FunctionTable } from './functions.ts'
import { isMap, isTrue, member, sizeOf, type Value } from './values.ts'

/** Receives the parts of a message in order. */
export interface Writer {
  text(text: string): void
  /** `escaper` is the escaping function that a pipeline ends with, which the writer may already apply. */
  value(value: Value, escaper: PredefinedEscaper | undefined): void
}

export type PredefinedEscaper = 'html' | 'urlquery'

export interface Program {
  readonly templates: ReadonlyMap<string, Body>
  readonly functions: FunctionTable
  readonly budget: Budget
}

const maxCalls = 100

/** The variables of a template, innermost last. */
type Variables = [name: string, value: Value][]

type Control = Extract<Statement, { otherwise: Body }>

type Signal = 'break' | 'continue' | undefined

/** Executes a template as Go's text/template. */
export function executeBody(body: Body, data: Value, program: Program, writer: Writer): void {
  new Run(program, writer).template(body, data)
}

class Run {
  readonly #program: Program
  readonly #writer: Writer
  #variables: Variables = []
  #calls = 0

  constructor(program: Program, writer: Writer) {
    this.#program = program
    this.#writer = writer
  }

  template(body: Body, data: Value): void {
    if (++this.#calls > maxCalls) throw new TemplateError(`templates call each other more than ${maxCalls} times deep`)
    const outer = this.#variables
    this.#variables = [['$', data]]
    this.#body(body, data)
    this.#variables = outer
    this.#calls--
  }

  #body(body: Body, dot: Value): Signal {
    for (const statement of body) {
      this.#program.budget.spend()
      const signal = this.#statement(statement, dot)
      if (signal) return signal
    }
    return undefined
  }

  #statement(statement: Statement, dot: Value): Signal {
    switch (statement.type) {
      case 'text':
        this.#program.budget.spend(statement.text.length)
        this.#writer.text(statement.text)
        return undefined
      case 'action':
        this.#action(statement.pipe, dot)
        return undefined
      case 'template': {
        const body = this.#program.templates.get(statement.name)
        if (!body) throw new TemplateError(`there is no template ${statement.name} (line ${statement.line})`)
        this.template(body, statement.pipe ? this.#pipe(statement.pipe, dot) : undefined)
        return undefined
      }
      case 'break':
      case 'continue':
        return statement.type
      case 'range':
        return this.#scoped(() => this.#range(statement, dot))
      default:
        return this.#scoped(() => {
          const value = this.#pipe(statement.pipe, dot)
          if (!isTrue(value)) return this.#body(statement.otherwise, dot)
          return this.#body(statement.body, statement.type === 'with' ? value : dot)
        })
    }
  }

  /** Variables end with the construct that declares them. */
  #scoped(run: () => Signal): Signal {
    const count = this.#variables.length
    const signal = run()
    this.#variables.length = count
    return signal
  }

  #range({ pipe, body, otherwise }: Control, dot: Value): Signal {
    const items = this.#items(this.#pipe({ ...pipe, variables: [] }, dot), pipe)
    if (items.length === 0) return this.#body(otherwise, dot)
    const { variables, assigns } = pipe
    for (const [key, item] of items) {
      const signal = this.#scoped(() => {
        this.#program.budget.spend()
        if (variables.length === 1) this.#set(variables[0] as string, item, assigns)
        else for (const [at, name] of variables.entries()) this.#set(name, at === 0 ? key : item, assigns)
        return this.#body(body, item)
      })
      if (signal === 'break') break
    }
    return undefined
  }

  #items(value: Value, { line }: Pipe): (readonly [Value, Value])[] {
    if (value === undefined || value === null) return []
    if (Array.isArray(value)) return value.map((item, at) => [BigInt(at), item] as const)
    if (isMap(value))
      return Object.keys(value)
        .sort()
        .map((key) => [key, value[key]] as const)
    if (typeof value !== 'bigint') throw new TemplateError(`{{ range }} on line ${line} needs a list or a map`)
    this.#program.budget.spend(Number(value) * 100)
    return Array.from({ length: Math.max(0, Number(value)) }, (_, at) => [BigInt(at), BigInt(at)] as const)
  }

  #action(pipe: Pipe, dot: Value): void {
    const escaper = escaperAtEnd(pipe)
    const value = escaper ? this.#beforeEscaper(pipe, dot) : this.#pipe(pipe, dot)
    this.#program.budget.spend(sizeOf(value))
    if (pipe.variables.length === 0) this.#writer.value(value, escaper)
  }

  /** The value that the escaping function at the end of a pipeline is given. */
  #beforeEscaper(pipe: Pipe, dot: Value): Value {
    const { commands, line } = pipe
    if (commands.length > 1) return this.#pipe({ ...pipe, commands: commands.slice(0, -1) }, dot)
    const given = (commands[0]?.operands.slice(1) ?? []).map((operand) => this.#operand(operand, dot))
    return given.length === 1 ? given[0] : this.#call('print', given, line)
  }

  #pipe(pipe: Pipe, dot: Value): Value {
    let value: Value
    for (const [at, command] of pipe.commands.entries())
      value = this.#command(command, dot, at > 0 ? [value] : [], pipe.line)
    for (const name of pipe.variables) this.#set(name, value, pipe.assigns)
    return value
  }

  #set(name: string, value: Value, assigns: boolean): void {
    if (!assigns) return void this.#variables.push([name, value])
    const found = this.#variables.findLast(([known]) => known === name)
    if (found) found[1] = value
  }

  #command({ operands: [first, ...rest] }: Command, dot: Value, last: Value[], line: number): Value {
    this.#program.budget.spend()
    if (first.type !== 'function') return this.#operand(first, dot)
    if (first.name === 'and' || first.name === 'or') return this.#shortCircuit(first.name, rest, { dot, last })
    const given = rest.map((operand) => this.#operand(operand, dot))
    return this.#call(first.name, [...given, ...last], line)
  }

  /** Evaluates no more operands than the result needs. */
  #shortCircuit(name: 'and' | 'or', operands: readonly Operand[], { dot, last }: { dot: Value; last: Value[] }): Value {
    let value: Value
    for (const operand of operands) {
      value = this.#operand(operand, dot)
      if (isTrue(value) === (name === 'or')) return value
    }
    return last.length > 0 ? last[0] : value
  }

  #call(name: string, given: Value[], line: number): Value {
    const { functions, budget } = this.#program
    const run = functions.get(name)
    if (!run) throw new TemplateError(`line ${line}: the function ${name} does not exist`)
    if (given.length < run.length) throw new TemplateError(`line ${line}: ${name} needs ${run.length} arguments`)
    budget.spend(given.reduce((sum: number, value) => sum + sizeOf(value), 0))
    const result = run(...given)
    budget.spend(sizeOf(result))
    return result
  }

  #operand(operand: Operand, dot: Value): Value {
    switch (operand.type) {
      case 'dot':
        return dot
      case 'constant':
        return operand.value
      case 'variable':
        return this.#variables.findLast(([name]) => name === operand.name)?.[1]
      case 'function':
        return this.#call(operand.name, [], 0)
      case 'pipe':
        return this.#pipe(operand.pipe, dot)
      case 'fields':
        return operand.names.reduce<Value>(member, this.#operand(operand.of, dot))
    }
  }
}

function escaperAtEnd({ commands, variables }: Pipe): PredefinedEscaper | undefined {
  if (variables.length > 0) return undefined
  const last = commands.at(-1)?.operands
  if (last?.[0].type !== 'function') return undefined
  const { name } = last[0]
  if (name !== 'html' && name !== 'urlquery') return undefined
  return commands.length > 1 && last.length > 1 ? undefined : name
}
