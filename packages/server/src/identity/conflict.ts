import { isUniqueViolation } from '../db/index.ts'
import type { CredentialType } from './record.ts'

/** An identifier or address that belongs to another identity already. */
export class IdentityConflict extends Error {
  /** What is taken, as the other identity has it. */
  readonly taken:
    | { kind: 'identifier'; type: CredentialType; value: string }
    | { kind: 'address'; value: string }
    | { kind: 'external_id' }
  /** Who has it; undefined where the database alone noticed. */
  readonly ownerId: string | undefined

  constructor(taken: IdentityConflict['taken'], ownerId?: string) {
    super('an identifier or address is taken')
    this.taken = taken
    this.ownerId = ownerId
  }
}

/** Two simultaneous writers pass the look-up both; the keys of the tables let one of them through. */
export async function refusingTaken(write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    const external =
      error instanceof Error && /external_id/.test(`${error.message} ${'constraint' in error ? error.constraint : ''}`)
    throw new IdentityConflict(external ? { kind: 'external_id' } : { kind: 'address', value: '' })
  }
}
