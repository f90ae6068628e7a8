import { type UiText, uiText } from '@latchkey/api'
import { distance } from 'fastest-levenshtein'
import { normalizePassword } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { countBreaches } from './breaches.ts'
import { isCommon } from './common.ts'

/** The rules for new passwords: `selfservice.methods.password.config`, named as in Kratos. */
export interface PasswordPolicy {
  min_password_length: number
  identifier_similarity_check_enabled: boolean
  haveibeenpwned_enabled: boolean
  /** Whether common passwords are refused although breaches are not looked up; otherwise they always are. */
  common_passwords_refused: boolean
  /** A host, or an http(s) address, that serves `/range/PREFIX`. */
  haveibeenpwned_host: string
  max_breaches: number
  ignore_network_errors: boolean
}

export interface PasswordPolicyOptions {
  /** Bytes that the configured hash can hold: `maxPasswordBytes(config.hashers)`. */
  maxBytes: number
}

/**
 * Holds a new password, normalized, against the rules and answers the first message that applies, or undefined if it
 * may be used: 4000032 too short, 4000033 too long (both count bytes), 4000031 too much like an identifier, 4000034
 * known from breaches (common ones without asking the service), 4000005 when that could not be found out and the
 * configuration insists on it.
 */
export async function checkPassword(
  ctx: Pick<Context, 'fetch'>,
  typed: string,
  identifiers: readonly string[],
  policy: PasswordPolicy,
  { maxBytes }: PasswordPolicyOptions,
): Promise<UiText | undefined> {
  const password = normalizePassword(typed)
  const length = Buffer.byteLength(password)
  const minLength = policy.min_password_length
  if (length < minLength) return uiText(4000032, { min_length: minLength, actual_length: length })
  if (length > maxBytes) return uiText(4000033, { max_length: maxBytes, actual_length: length })
  if (policy.identifier_similarity_check_enabled && identifiers.some((one) => isSimilar(one, password)))
    return uiText(4000031)
  const refusesCommon = policy.haveibeenpwned_enabled || policy.common_passwords_refused
  if (refusesCommon && (await isCommon(password))) return uiText(4000034, { breaches: leastBreachesOfCommon })
  if (!policy.haveibeenpwned_enabled) return undefined
  const breaches = await countBreaches(ctx, password, policy.haveibeenpwned_host)
  if (breaches === undefined) {
    if (policy.ignore_network_errors) return undefined
    return uiText(4000005, { reason: 'the list of breached passwords cannot be reached at present' })
  }
  return breaches > policy.max_breaches ? uiText(4000034, { breaches }) : undefined
}

/** Common passwords were in more breaches than `max_breaches` can allow, which is at most 100. */
const leastBreachesOfCommon = 101

const minEdits = 5
const maxSharedPart = 0.5
/** A comparison takes the product of both lengths. Longer texts are not compared, as in Ory's current version. */
const comparedBytes = 256

/**
 * Whether few edits (fewer than five) turn the identifier into the password, or more than half of the password stands
 * in the identifier in one piece; letter case does not count. Kratos' thresholds. Texts of more than 256 bytes are never
 * similar.
 */
export function isSimilar(identifier: string, password: string): boolean {
  const [a, b] = [identifier.toLowerCase(), password.toLowerCase()]
  if (a.length === 0 || Buffer.byteLength(a) > comparedBytes || Buffer.byteLength(b) > comparedBytes) return false
  return distance(a, b) < minEdits || longestSharedPart([...a], [...b]) / b.length > maxSharedPart
}

/** Length of the longest text that is in both. */
function longestSharedPart(a: string[], b: string[]): number {
  let longest = 0
  let row: number[] = new Array(b.length).fill(0)
  for (const letter of a) {
    row = b.map((other, j) => (letter === other ? (row[j - 1] ?? 0) + 1 : 0))
    longest = row.reduce((most, length) => Math.max(most, length), longest)
  }
  return longest
}
