import { RE2JS } from '@bufbuild/re2'

/** The characters that the patterns of one validation read at most: about 50 ms on one core. */
const maxCharacters = 50_000

/** How many characters the patterns of the current validation may still read. Validation is synchronous. */
let remaining = maxCharacters

/** A pattern as Ajv uses it. */
export interface Pattern {
  test(text: string): boolean
  toString(): string
}

/**
 * Compiles a pattern of an identity schema. It has the syntax and meaning of Go (RE2, https://golang.org/s/re2syntax),
 * as in Kratos, and matches in time linear in the text. Throws Error if it is invalid.
 */
export function compilePattern(source: string): Pattern {
  const compiled = RE2JS.compile(source)
  return {
    /** Texts beyond the limit of the validation do not match. */
    test(text) {
      if (text.length > remaining) return false
      remaining -= text.length
      return compiled.test(text)
    },
    toString: () => source,
  }
}

/** Runs a validation, whose patterns read a limited number of characters. */
export function withPatternLimit<T>(validate: () => T): T {
  remaining = maxCharacters
  return validate()
}
