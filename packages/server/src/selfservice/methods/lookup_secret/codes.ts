import type { Identity } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { sameText } from '../../../kernel/keys.ts'

/** A backup code as the credential stores it; a used one stays, with the time of its use. */
export interface BackupCode {
  code: string
  used_at?: string
}

const codeCount = 12
const codeLength = 8
const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** New codes: as many, as long and of the same letters as Kratos's. */
export function newCodes(ctx: Context): BackupCode[] {
  return Array.from({ length: codeCount }, () => ({ code: newCode(ctx) }))
}

function newCode(ctx: Context): string {
  let code = ''
  while (code.length < codeLength) {
    for (const byte of ctx.random.bytes(codeLength)) {
      // 252 = 7 × 36: larger bytes would favor the first letters.
      if (byte < 252 && code.length < codeLength) code += letters[byte % letters.length]
    }
  }
  return code
}

/** The codes of an identity; none where it has not set any up. */
export function codesOf({ credentials }: Pick<Identity, 'credentials'>): BackupCode[] {
  const codes = credentials.lookup_secret?.config.recovery_codes
  return Array.isArray(codes) ? (codes as BackupCode[]) : []
}

/** The place of a code that was entered; codes are pasted with spaces and dashes. -1 where there is none. */
export function indexOfCode(codes: readonly BackupCode[], entered: string): number {
  const [exact, bare] = [entered.trim(), entered.replaceAll(/[\s-]/g, '')]
  return codes.findIndex(({ code }) => sameText(code, exact) || sameText(code, bare))
}
