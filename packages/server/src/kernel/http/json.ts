import { ApiError } from '@latchkey/api'

/** The maximum nesting depth: recursion over deeper JSON could overflow the stack. */
const deepest = 200

type Refuse = (what: string) => Error
const bodyError: Refuse = (what) => ApiError.badRequest({ message: what })

/** Parses JSON from outside, or throws 400 or another refusal. The only parser of such JSON. */
export function parseJson(text: string, refuse: Refuse = bodyError): unknown {
  if (isTooDeep(text)) throw refuse(`The body is nested more than ${deepest} levels deep.`)
  try {
    return JSON.parse(text)
  } catch {
    throw refuse(text.trim() === '' ? 'The body is empty.' : 'The body is not valid JSON.')
  }
}

/** Parses the first JSON value of a body and ignores the rest, or throws 400. */
export function parseFirstJson(text: string, refuse: Refuse = bodyError): unknown {
  try {
    return parseJson(text, refuse)
  } catch (error) {
    const end = endOfFirst(text)
    if (end === undefined) throw error
    return parseJson(text.slice(0, end), refuse)
  }
}

function isTooDeep(text: string): boolean {
  return text.length > deepest && walk(text, (depth) => depth > deepest) !== undefined
}

/** Whether JSON holds more than so many members and items. It is not parsed, since even that takes long for many. */
export function hasMoreValues(text: string, most: number): boolean {
  return text.length > most && walk(text, (_depth, values) => values > most) !== undefined
}

/** The end of the object or list at the start of a text. */
function endOfFirst(text: string): number | undefined {
  return /^\s*[[{]/.test(text) ? walk(text, (depth) => depth === 0) : undefined
}

/**
 * Scans the brackets and commas outside strings until `stop` returns true for the nesting depth and the number of commas;
 * returns the position.
 */
function walk(text: string, stop: (depth: number, commas: number) => boolean): number | undefined {
  let depth = 0
  let commas = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (quoted) {
      if (c === backslash) i++
      else if (c === quote) quoted = false
    } else if (c === quote) quoted = true
    else if (c === 0x5b || c === 0x7b) {
      depth++
      if (stop(depth, commas)) return i + 1
    } else if (c === 0x5d || c === 0x7d) {
      depth--
      if (stop(depth, commas)) return i + 1
    } else if (c === 0x2c) {
      commas++
      if (stop(depth, commas)) return i + 1
    }
  }
  return undefined
}

const quote = 0x22
const backslash = 0x5c
