import { type Body, type ParsedFile, type Pipe, type Statement, TemplateError } from './ast.ts'
import { type Segment, segmentsOf, type Token } from './lexer.ts'
import { type LeastArguments, readPipe, Tokens, VariableScopes } from './pipe-parser.ts'

const maxDepth = 200

/**
 * Parses a template in the syntax of Go's text/template. Whatever cannot work is refused here, not when a message is
 * sent: unknown functions and variables, and constructs that do not end.
 */
export function parseFile(source: string, leastArguments: LeastArguments): ParsedFile {
  const parser = new Parser(segmentsOf(source), leastArguments)
  const body = parser.file()
  return { body, defined: parser.defined }
}

/** The keyword that ended a body, with the rest of its action. */
interface End {
  readonly keyword: 'end' | 'else' | 'eof'
  readonly tokens?: Tokens
}

class Parser {
  readonly defined = new Map<string, Body>()
  readonly #segments: Segment[]
  readonly #leastArguments: LeastArguments
  #scopes = new VariableScopes()
  #depth = 0
  #loops = 0

  constructor(segments: Segment[], leastArguments: LeastArguments) {
    this.#segments = segments.reverse()
    this.#leastArguments = leastArguments
  }

  file(): Body {
    const { body, end } = this.#body()
    if (end.keyword !== 'eof') throw end.tokens?.error(`{{ ${end.keyword} }} without a beginning`)
    return body
  }

  #body(): { body: Body; end: End } {
    this.#enter()
    const body: Statement[] = []
    let end: End | undefined
    while (!end) {
      const segment = this.#segments.pop()
      if (segment === undefined) end = { keyword: 'eof' }
      else if (typeof segment === 'string') body.push({ type: 'text', text: segment })
      else end = this.#action(new Tokens(segment, this.#leastArguments), body)
    }
    this.#depth--
    return { body, end }
  }

  /** Parses one action. Returns the keyword if it ends the body that it stands in. */
  #action(tokens: Tokens, body: Statement[]): End | undefined {
    const keyword = tokens.peek()?.kind === 'word' ? tokens.peek()?.text : undefined
    switch (keyword) {
      case 'end':
      case 'else':
        tokens.next()
        return { keyword, tokens }
      case 'if':
      case 'with':
      case 'range':
        tokens.next()
        body.push(this.#control(keyword, tokens))
        return undefined
      case 'define':
        this.#define(tokens)
        return undefined
      case 'block':
      case 'template':
        body.push(this.#template(tokens, keyword))
        return undefined
      case 'break':
      case 'continue':
        tokens.next()
        if (this.#loops === 0) throw tokens.error(`{{ ${keyword} }} outside of {{ range }}`)
        tokens.finish()
        body.push({ type: keyword })
        return undefined
      default:
        body.push({ type: 'action', pipe: this.#pipe(tokens) })
        return undefined
    }
  }

  #pipe(tokens: Tokens, isRange = false): Pipe {
    const pipe = readPipe(tokens, this.#scopes, { isRange })
    tokens.finish()
    return pipe
  }

  #enter(): void {
    if (++this.#depth > maxDepth) throw new TemplateError('too many constructs in each other')
  }

  #control(type: 'if' | 'with' | 'range', tokens: Tokens): Statement {
    this.#enter()
    this.#scopes.open()
    const pipe = this.#pipe(tokens, type === 'range')
    if (type === 'range') this.#loops++
    const { body, end } = this.#scoped()
    if (type === 'range') this.#loops--
    const otherwise = end.keyword === 'else' ? this.#else(type, end.tokens as Tokens) : requireEnd(end, tokens)
    this.#scopes.close()
    this.#depth--
    return { type, pipe, body, otherwise }
  }

  #scoped(): { body: Body; end: End } {
    this.#scopes.open()
    const parsed = this.#body()
    this.#scopes.close()
    return parsed
  }

  /** `{{ else }}`, or `{{ else if … }}`, which shares the end of the construct. */
  #else(type: 'if' | 'with' | 'range', tokens: Tokens): Body {
    const next = tokens.peek()
    if (next?.kind === 'word' && next.text === type && type !== 'range') {
      tokens.next()
      return [this.#control(type, tokens)]
    }
    tokens.finish()
    const { body, end } = this.#scoped()
    return [...body, ...requireEnd(end, tokens)]
  }

  #define(tokens: Tokens): void {
    if (this.#depth > 1) throw tokens.error('{{ define }} inside of another construct')
    tokens.next()
    const name = tokens.name()
    tokens.finish()
    this.#defineBody(name, tokens)
  }

  #defineBody(name: string, tokens: Tokens): void {
    const [scopes, loops] = [this.#scopes, this.#loops]
    this.#scopes = new VariableScopes()
    this.#loops = 0
    const { body, end } = this.#body()
    requireEnd(end, tokens)
    this.#scopes = scopes
    this.#loops = loops
    // As in Go, a definition without content does not replace another one.
    if (!this.defined.has(name) || body.some((one) => one.type !== 'text' || one.text.trim()))
      this.defined.set(name, body)
  }

  #template(tokens: Tokens, keyword: 'block' | 'template'): Statement {
    const { line } = tokens.next() as Token
    const name = tokens.name()
    const pipe = tokens.peek() ? this.#pipe(tokens) : undefined
    if (keyword === 'block') {
      if (!pipe) throw tokens.error('a block without data')
      this.#defineBody(name, tokens)
    }
    return { type: 'template', name, pipe, line }
  }
}

function requireEnd(end: End, tokens: Tokens): Body {
  if (end.keyword === 'eof') throw tokens.error('a construct without {{ end }}')
  if (end.keyword === 'else') throw tokens.error('more than one {{ else }}')
  end.tokens?.finish()
  return []
}
