import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, Scalar } from 'yaml'

/** A location, with one-based line and column. */
export interface Place {
  file: string
  line: number
  column: number
}

export interface Mistake extends Place {
  message: string
}

/** A YAML node; null or undefined if the value was left empty. */
export type Value = Node | null | undefined

/**
 * A YAML 1.2 file that is validated while it is parsed. Errors are collected with their location and parsing continues:
 * a method that returns undefined has already recorded the error.
 */
export class YamlSource {
  readonly file: string
  readonly text: string
  readonly root: Value
  readonly mistakes: Mistake[] = []
  readonly #lines = new LineCounter()
  readonly #document: Document.Parsed

  constructor(file: string, text: string) {
    this.file = file
    this.text = text
    this.#document = parseDocument(text, { lineCounter: this.#lines, version: '1.2', prettyErrors: false })
    this.root = this.#document.contents
    for (const { message, pos } of this.#document.errors) {
      this.mistakes.push({ ...this.#place(pos[0]), message: message.replace(/\s+/g, ' ') })
    }
  }

  /** The members of an object; other names than the given ones are errors. */
  members<Name extends string>(
    value: Value,
    what: string,
    names: readonly Name[],
  ): Partial<Record<Name, Node>> | undefined {
    const map = this.#resolved(value)
    if (!isMap<Node, Node>(map)) return this.refuse(value, `${what} must be an object with ${listText(names)}.`)
    const members: Partial<Record<Name, Node>> = {}
    for (const { key, value: member } of map.items) {
      const name = names.find((one) => isScalar(key) && one === key.value)
      if (name === undefined)
        this.refuse(key, `${what} has an unknown key ${showKey(key)}; allowed are ${listText(names)}.`)
      else if (member) members[name] = member
    }
    return members
  }

  /** The members of an object with arbitrary keys; empty if the value is absent. */
  entries(value: Value, what: string): readonly { key: Node; value: Value }[] {
    if (isAbsent(value)) return []
    const map = this.#resolved(value)
    if (isMap<Node, Node>(map)) return map.items.map((item) => ({ key: item.key, value: item.value }))
    this.refuse(value, `${what} must be an object.`)
    return []
  }

  /** The items of a list; empty if the value is absent. */
  items(value: Value, what: string): readonly Node[] {
    if (isAbsent(value)) return []
    const list = this.#resolved(value)
    if (isSeq<Node>(list)) return list.items
    this.refuse(value, `${what} must be a list.`)
    return []
  }

  string(value: Value, what: string): string | undefined {
    const scalar = this.#resolved(value)
    if (isScalar(scalar) && typeof scalar.value === 'string') return scalar.value
    return this.refuse(value, `${what} must be a string.`)
  }

  wholeNumber(value: Value, what: string, most: number): number | undefined {
    const scalar = this.#resolved(value)
    const number = isScalar(scalar) ? scalar.value : undefined
    if (typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= most) return number
    return this.refuse(value, `${what} must be an integer from 1 to ${most}.`)
  }

  flag(value: Value, what: string): boolean | undefined {
    const scalar = this.#resolved(value)
    if (isScalar(scalar) && typeof scalar.value === 'boolean') return scalar.value
    return this.refuse(value, `${what} must be true or false.`)
  }

  /** Any JSON value; the caller validates it. */
  json(value: Value, what: string): unknown {
    try {
      return value?.toJS(this.#document, { maxAliasCount: 100 })
    } catch {
      return this.refuse(value, `${what} has too many aliases.`)
    }
  }

  isList(value: Value): boolean {
    return isSeq(this.#resolved(value))
  }

  isText(value: Value): boolean {
    return isScalar(this.#resolved(value))
  }

  place(value: Value): Place {
    return this.#place(value?.range?.[0] ?? 0)
  }

  /** The location of a line and column inside a literal block scalar; for other scalars, the start of the scalar. */
  placeIn(value: Value, { line, column }: { line: number; column: number }): Place {
    const start = this.place(value)
    const scalar = this.#resolved(value)
    if (!isScalar(scalar) || scalar.type !== Scalar.BLOCK_LITERAL || isAlias(value)) return start
    const first = this.text.split('\n')[start.line + line - 1] ?? ''
    const own = String(scalar.value).split('\n')[line - 1] ?? ''
    return { ...start, line: start.line + line, column: first.length - own.length + column }
  }

  refuse(value: Value, message: string): undefined {
    this.mistakes.push({ ...this.place(value), message })
  }

  #resolved(value: Value): Value {
    return isAlias(value) ? value.resolve(this.#document) : value
  }

  #place(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset)
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col) }
  }
}

/** Whether a value is missing or empty. */
export function isAbsent(value: Value): boolean {
  return !value || (isScalar(value) && value.value === null)
}

function listText(names: readonly string[]): string {
  return names.length === 1 ? `${names[0]}` : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function showKey(key: unknown): string {
  return JSON.stringify(String(isScalar(key) ? key.value : key).slice(0, 40))
}
