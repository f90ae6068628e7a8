import { ApiError } from '@latchkey/api'
import type { Session } from './record.ts'

/** Throws 403 in a session in which somebody else acts: what is refused there belongs to the person alone. */
export function refuseActing({ act }: Pick<Session, 'act'>): void {
  if (!act) return
  throw ApiError.forbidden({ reason: 'This is refused in a session in which an administrator acts.' })
}
