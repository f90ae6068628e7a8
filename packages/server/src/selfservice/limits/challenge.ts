import { createHash } from 'node:crypto'
import type { Context } from '../../kernel/context.ts'
import { sameText } from '../../kernel/keys.ts'
import { payloadField } from '../flow/body.ts'
import type { SubmissionContext } from '../method.ts'

/**
 * A challenge as clients of ALTCHA (version 1) know it: the number from 0 to `maxnumber` is searched whose SHA-256 hash
 * together with the salt is `challenge`. The salt ends with a delimiter, so that no part of the number can be taken for
 * a part of the salt.
 */
export interface Challenge {
  readonly algorithm: 'SHA-256'
  readonly challenge: string
  readonly maxnumber: number
  readonly salt: string
  readonly signature: string
}

/** The field of the solution: base64 of the JSON of the challenge with its `number`. */
export const responseField = 'captcha_proof_of_work_response'

const signingPurpose = 'proof of work'
const longestResponse = 2048
/** Each level doubles the work of the one before. */
export const highestLevel = 8
const longestLifespanMs = 600_000

/** What a challenge is made for, besides the flow and its project. */
export interface ChallengeFor {
  /** What is limited, such as `password`. */
  readonly proof: string
  /** From 1 to `highestLevel`. */
  readonly level: number
}

/** Makes a challenge for the next submission of a flow. Nothing is stored. */
export function makeChallenge(
  { ctx, flow }: Pick<SubmissionContext, 'ctx' | 'flow'>,
  { proof, level }: ChallengeFor,
): Challenge {
  const { difficulty } = ctx.config.identity.security.proof_of_work
  const maxnumber = difficulty * 2 ** (level - 1)
  const number = ctx.random.bytes(6).readUIntBE(0, 6) % (maxnumber + 1)
  const terms = new URLSearchParams({
    expires: String(Math.floor((ctx.clock.now() + lifespanMs(ctx)) / 1000)),
    flow: flow.id,
    proof,
    level: String(level),
  })
  const salt = `${ctx.random.bytes(12).toString('hex')}?${terms}&`
  const challenge = hashOf(salt, number)
  const signature = ctx.keys.mac(signingPurpose, signedText(ctx, challenge))
  return { algorithm: 'SHA-256', challenge, maxnumber, salt, signature }
}

/**
 * The level of the solution in a submission, and the ID under which it is redeemed. Undefined if there is none, or if it
 * is wrong, expired, or was made for another flow, project or proof.
 */
export function solutionOf(submission: SubmissionContext, proof: string): { level: number; id: string } | undefined {
  const { ctx, flow } = submission
  const solved = decode(payloadField(submission.body, responseField))
  if (!solved) return undefined
  const { salt, number, challenge, signature } = solved
  const terms = new URLSearchParams(salt.slice(salt.indexOf('?') + 1))
  const level = Number(terms.get('level'))
  const isMeant = terms.get('flow') === flow.id && terms.get('proof') === proof
  const isValid = Number(terms.get('expires')) * 1000 > ctx.clock.now()
  if (!isMeant || !isValid || hashOf(salt, number) !== challenge) return undefined
  const signatures = ctx.keys.macs(signingPurpose, signedText(ctx, challenge))
  return signatures.some((own) => sameText(own, signature)) ? { level, id: challenge } : undefined
}

/** A challenge cannot be redeemed again before its counter is forgotten, which is at the end of the window. */
function lifespanMs(ctx: Context): number {
  const { attempts, messages, registrations } = ctx.config.identity.security
  return Math.min(longestLifespanMs, attempts.window, messages.window, registrations.window)
}

function signedText({ project }: Context, challenge: string): string {
  return `${project.id} ${challenge}`
}

function hashOf(salt: string, number: number): string {
  return createHash('sha256').update(`${salt}${number}`).digest('hex')
}

function decode(response: unknown): { salt: string; number: number; challenge: string; signature: string } | undefined {
  if (typeof response !== 'string' || response === '' || response.length > longestResponse) return undefined
  let given: unknown
  try {
    given = JSON.parse(Buffer.from(response, 'base64').toString('utf8'))
  } catch {
    return undefined
  }
  if (typeof given !== 'object' || given === null) return undefined
  const { algorithm, salt, number, challenge, signature } = given as Record<string, unknown>
  if (algorithm !== 'SHA-256' || typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0)
    return undefined
  if (typeof salt !== 'string' || typeof challenge !== 'string' || typeof signature !== 'string') return undefined
  return { salt, number, challenge, signature }
}
