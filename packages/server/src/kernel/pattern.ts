import { LRUCache } from 'lru-cache'
import { RE2JS } from 're2js'

/**
 * Regular expressions in the syntax of Go (RE2), in time linear in the text. The library parses and compiles them; the
 * simulation of its program is our own, since only counted steps give an upper bound on the time of one match, and since
 * the library's automaton grows with each character that it meets. See docs/decisions/0035-patterns-are-metered.md.
 */
export class Pattern {
  /** The approximate size in memory, in bytes. */
  readonly bytes: number
  readonly #instructions: readonly Instruction[]
  readonly #start: number
  /** Whether a match can begin at the start of the text only. */
  readonly #isAnchored: boolean
  /** The round in which an instruction was reached last. Rounds go on from one match to the next. */
  readonly #reached: Uint32Array
  #round = 0

  private constructor(program: Program) {
    this.#instructions = program.inst
    this.#start = program.start
    this.#isAnchored = (program.startCond() & beginText) !== 0
    this.#reached = new Uint32Array(program.inst.length)
    this.bytes = sizeOf(program.inst)
  }

  /** @throws PatternError if the pattern is invalid or too large. */
  static compile(source: string): Pattern {
    if (source.length > maxLength || expandedLength(source) > maxExpanded) throw new PatternError(tooLarge)
    let program: Program
    try {
      program = RE2JS.compile(source).re2().prog
    } catch (error) {
      throw new PatternError((error as Error).message.replace(/^error parsing regexp: /, '').slice(0, 200))
    }
    if (program.inst.length > maxInstructions) throw new PatternError(tooLarge)
    return new Pattern(program)
  }

  /**
   * Whether the pattern matches anywhere in the text. Each instruction that is visited at a character is one step.
   * @throws PatternCostError if the steps of the meter do not suffice.
   */
  test(text: string, meter: StepMeter): boolean {
    const pending: number[] = []
    const waiting: number[] = []
    let at = 0
    let before = -1
    while (true) {
      const rune = text.codePointAt(at) ?? -1
      if (at === 0 || !this.#isAnchored) pending.push(this.#start)
      if (pending.length === 0) return false
      if (this.#close(pending, waiting, assertionsBetween(before, rune), meter)) return true
      if (rune === -1) return false
      for (const pc of waiting) {
        const instruction = this.#instructions[pc] as Instruction
        if (instruction.matchRune(rune)) pending.push(instruction.out)
      }
      waiting.length = 0
      at += rune > 0xffff ? 2 : 1
      before = rune
    }
  }

  /** Follows the pending instructions to those that wait for a character. Returns true if the end is among them. */
  #close(pending: number[], waiting: number[], assertions: number, meter: StepMeter): boolean {
    const instructions = this.#instructions
    const reached = this.#reached
    const round = this.#nextRound()
    let { steps } = meter
    while (pending.length > 0) {
      const pc = pending.pop() as number
      if (reached[pc] === round) continue
      reached[pc] = round
      steps--
      const { op, out, arg } = instructions[pc] as Instruction
      if (op >= firstRuneOp) waiting.push(pc)
      else if (op === matchOp) return true
      else if (op === altOp || op === altMatchOp) pending.push(arg, out)
      else if (op !== failOp && (op !== emptyWidthOp || (arg & ~assertions) === 0)) pending.push(out)
    }
    meter.steps = steps - 1
    if (meter.steps < 0) throw new PatternCostError()
    return false
  }

  #nextRound(): number {
    if (this.#round === 0xffff_ffff) {
      this.#reached.fill(0)
      this.#round = 0
    }
    return ++this.#round
  }
}

/** An invalid pattern; the message says what is wrong. */
export class PatternError extends Error {}

/** A match needs more steps than it may take. */
export class PatternCostError extends Error {}

/** The remaining steps, shared by all matches of one request. A step takes about 20 ns. */
export interface StepMeter {
  steps: number
}

const cache = new LRUCache<string, Pattern>({
  maxSize: 32 * 1024 * 1024,
  maxEntrySize: 2 * 1024 * 1024,
  sizeCalculation: ({ bytes }, source) => bytes + 2 * source.length,
})

/** Returns the compiled pattern, from a cache that is limited in bytes; large patterns are not kept. */
export function cachedPattern(source: string): Pattern {
  const known = cache.get(source)
  if (known) return known
  const pattern = Pattern.compile(source)
  cache.set(source, pattern)
  return pattern
}

/** Why a pattern is invalid; undefined if it is valid. */
export function patternFault(source: string): string | undefined {
  try {
    Pattern.compile(source)
    return undefined
  } catch (error) {
    if (error instanceof PatternError) return error.message
    throw error
  }
}

/** The library takes quadratic time for long literals. */
const maxLength = 16 * 1024
const maxExpanded = 1_000_000
const maxInstructions = 50_000
const tooLarge = 'the pattern is too large'

/**
 * An upper bound for the number of instructions, known before the pattern is compiled: RE2 refuses counted repetitions
 * whose product is over 1000.
 */
export function expandedLength(source: string): number {
  let product = 1
  for (const [, least, most] of source.matchAll(/\{(\d{1,4})(?:,(\d{0,4}))?\}/g)) {
    product = Math.min(1000, product * Math.max(1, Number(most || least)))
  }
  return source.length * product
}

/** The program of the library, as far as it is read here; the library declares no type for it. */
interface Program {
  readonly inst: readonly Instruction[]
  readonly start: number
  startCond(): number
}

interface Instruction {
  readonly op: number
  readonly out: number
  readonly arg: number
  readonly runes: readonly number[]
  matchRune(rune: number): boolean
}

/** The instructions of the library, which it does not export. Those from `firstRuneOp` on consume a character. */
const altOp = 1
const altMatchOp = 2
const emptyWidthOp = 4
const failOp = 5
const matchOp = 6
const firstRuneOp = 8

/** The assertions of Go's regexp/syntax.EmptyOp. */
const beginLine = 1
const endLine = 2
const beginText = 4
const endText = 8
const wordBoundary = 16
const noWordBoundary = 32

/** The assertions that hold between two characters; -1 is the start or the end of the text. */
function assertionsBetween(before: number, after: number): number {
  let holding = isWord(before) === isWord(after) ? noWordBoundary : wordBoundary
  if (before === -1) holding |= beginText | beginLine
  if (before === newline) holding |= beginLine
  if (after === -1) holding |= endText | endLine
  if (after === newline) holding |= endLine
  return holding
}

const newline = 0x0a

/** Word characters are ASCII, as in Go. */
function isWord(rune: number): boolean {
  return (
    (rune >= 0x61 && rune <= 0x7a) || (rune >= 0x41 && rune <= 0x5a) || (rune >= 0x30 && rune <= 0x39) || rune === 0x5f
  )
}

/** Instructions made from one character class share its list of ranges. */
function sizeOf(instructions: readonly Instruction[]): number {
  const lists = new Set(instructions.map(({ runes }) => runes))
  let bytes = 150 * instructions.length
  for (const list of lists) bytes += 8 * list.length
  return bytes
}
