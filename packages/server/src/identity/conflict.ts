import { isUniqueViolation } from '../db/index.ts'
import type { CredentialType } from './record.ts'

/** An identifier or address that already belongs to another identity. */
export class IdentityConflict extends Error {
  /** The conflicting value, as stored by the other identity. */
  readonly taken:
    | { kind: 'identifier'; type: CredentialType; value: string }
    | { kind: 'address'; value: string }
    | { kind: 'external_id' }
  /** The owner; undefined if only a database constraint detected the conflict. */
  readonly ownerId: string | undefined

  constructor(taken: IdentityConflict['taken'], ownerId?: string) {
    super('an identifier or address is taken')
    this.taken = taken
    this.ownerId = ownerId
  }
}

/** Concurrent writers can both pass the look-up; a unique constraint rejects one of them. */
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
