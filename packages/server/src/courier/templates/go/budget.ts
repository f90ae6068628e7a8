import { TemplateError } from './ast.ts'

/** The longest text, and the longest result: more than any message has. */
export const maxCharacters = 1_000_000
/** The longest list that a function makes. */
export const maxItems = 10_000
const maxSteps = 20_000
const charactersPerStep = 100

/** Meters the work of one message, so that no template holds the event loop. */
export class Budget {
  #steps = 0
  #written = 0

  /** Counts one step, and the characters or items that it handles. */
  spend(size = 0): void {
    this.#steps += 1 + size / charactersPerStep
    if (this.#steps > maxSteps) throw new TemplateError('the template does too much work')
  }

  /** Counts characters of the message. */
  write(size: number): void {
    this.#written += size
    if (this.#written > maxCharacters) throw new TemplateError(`the message has more than ${maxCharacters} characters`)
  }
}

/** Refuses a text that would be too long, before it is made. */
export function limitText(length: number): void {
  if (length > maxCharacters) throw new TemplateError(`a text has more than ${maxCharacters} characters`)
}

export function limitItems(count: number): void {
  if (count > maxItems) throw new TemplateError(`a list has more than ${maxItems} items`)
}
