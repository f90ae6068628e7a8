import { type Body, type ParsedFile, TemplateError } from './ast.ts'
import { Budget } from './budget.ts'
import { escapeHtml, escapeUrlQuery } from './escapers.ts'
import { executeBody, type PredefinedEscaper, type Writer } from './evaluate.ts'
import { functionsAt, leastArgumentsOf } from './functions.ts'
import { valueOfJson } from './json.ts'
import { PageWriter } from './page-writer.ts'
import { parseFile } from './parser.ts'
import { printedResult, textOf, type Value } from './values.ts'

const maxTemplateBytes = 256 * 1024

export interface TemplateFiles {
  /** The template that is executed. */
  readonly main: string
  /** Further files by name, which it may call. */
  readonly others?: ReadonlyMap<string, string>
}

export interface GoTemplate {
  readonly body: Body
  /** Executes the template with data, at a time in milliseconds. */
  execute(data: object, now: number): string
}

/** Parses a template of Go's text/template or html/template. @throws TemplateError if it cannot be used. */
export function parseGoTemplate({ main, others = new Map() }: TemplateFiles, { html }: { html: boolean }): GoTemplate {
  const file = parseBounded(main)
  const templates = new Map<string, Body>()
  for (const [name, source] of others) {
    const { body, defined } = parseBounded(source)
    templates.set(name, body)
    for (const [own, definition] of defined) templates.set(own, definition)
  }
  for (const [name, body] of file.defined) templates.set(name, body)
  for (const body of [file.body, ...templates.values()]) requireTemplates(body, templates)
  const execute = (data: object, now: number) => {
    const budget = new Budget()
    const parts: string[] = []
    const write = (text: string) => {
      budget.write(text.length)
      parts.push(text)
    }
    const writer = html ? new PageWriter(write) : new TextWriter(write)
    executeBody(file.body, valueOfJson(data), { templates, functions: functionsAt(now), budget }, writer)
    return parts.join('')
  }
  return { body: file.body, execute }
}

function parseBounded(source: string): ParsedFile {
  if (Buffer.byteLength(source) > maxTemplateBytes) throw new TemplateError(`more than ${maxTemplateBytes} bytes`)
  return parseFile(source, leastArgumentsOf)
}

function requireTemplates(body: Body, templates: ReadonlyMap<string, Body>): void {
  for (const statement of body) {
    if (statement.type === 'template' && !templates.has(statement.name))
      throw new TemplateError(`{{ template "${statement.name}" }} on line ${statement.line}: there is no such template`)
    if (!('otherwise' in statement)) continue
    requireTemplates(statement.body, templates)
    requireTemplates(statement.otherwise, templates)
  }
}

class TextWriter implements Writer {
  readonly text: (text: string) => void

  constructor(write: (text: string) => void) {
    this.text = write
  }

  value(value: Value, escaper: PredefinedEscaper | undefined): void {
    if (!escaper) this.text(printedResult(value))
    else this.text((escaper === 'html' ? escapeHtml : escapeUrlQuery)(textOf(value)))
  }
}
