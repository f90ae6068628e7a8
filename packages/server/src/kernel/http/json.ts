import { ApiError } from '@latchkey/api'

/** Deeper JSON than anyone means: walking it would exhaust the stack. */
const deepest = 200

type Refuse = (what: string) => ApiError
const plainly: Refuse = (what) => ApiError.badRequest({ message: what })

/** Parses a JSON body, or throws 400. */
export function parseJson(text: string, refuse: Refuse = plainly): unknown {
  if (isTooDeep(text)) throw refuse(`The body is nested more than ${deepest} levels deep.`)
  try {
    return JSON.parse(text)
  } catch {
    throw refuse(text.trim() === '' ? 'The body is empty.' : 'The body is not valid JSON.')
  }
}

/** Parses the first JSON value of a body, whatever follows it, or throws 400. */
export function parseFirstJson(text: string, refuse: Refuse = plainly): unknown {
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

/** Where the object or list at the start of a text ends. */
function endOfFirst(text: string): number | undefined {
  return /^\s*[[{]/.test(text) ? walk(text, (depth) => depth === 0) : undefined
}

/** Goes through the brackets outside strings until `stop` says so of the depth; gives where that is. */
function walk(text: string, stop: (depth: number) => boolean): number | undefined {
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (quoted) {
      if (c === backslash) i++
      else if (c === quote) quoted = false
    } else if (c === quote) quoted = true
    else if (c === 0x5b || c === 0x7b) {
      depth++
      if (stop(depth)) return i + 1
    } else if (c === 0x5d || c === 0x7d) {
      depth--
      if (stop(depth)) return i + 1
    }
  }
  return undefined
}

const quote = 0x22
const backslash = 0x5c
