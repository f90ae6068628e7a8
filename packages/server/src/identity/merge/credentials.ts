import { sameJson } from '../../kernel/json-value.ts'
import { definitionOf } from '../credentials/index.ts'
import type { Credential, CredentialType, Identity } from '../record.ts'

export interface CredentialConflict {
  type: CredentialType
  reason: string
}

export interface CombinedCredentials {
  credentials: Identity['credentials']
  /** The types of which something is taken over. */
  moved: CredentialType[]
  conflicts: CredentialConflict[]
}

/** Combines the credentials of two identities; those of the surviving one take precedence. */
export function combineCredentials(into: Identity, from: Identity): CombinedCredentials {
  const combined: CombinedCredentials = { credentials: { ...into.credentials }, moved: [], conflicts: [] }
  for (const credential of Object.values(from.credentials)) {
    if (isBare(credential)) continue
    const { type } = credential
    const { taken, conflict } = take(into, credential)
    if (conflict !== undefined) combined.conflicts.push({ type, reason: conflict })
    if (!taken) continue
    combined.credentials[type] = taken
    combined.moved.push(type)
  }
  return combined
}

function take(into: Identity, from: Credential): { taken?: Credential; conflict?: string } {
  const own = into.credentials[from.type]
  if ('sealed' in from.config) return { conflict: 'The credential cannot be decrypted.' }
  if (!own || isBare(own)) return { taken: withOwner(from, into.document.id) }
  const { combine } = definitionOf(from.type) ?? {}
  if (!combine || 'sealed' in own.config) return { conflict: 'The surviving identity has its own credential.' }
  const { credential, conflict } = combine(own, from)
  return { ...(!sameJson(credential, own) && { taken: credential }), ...(conflict !== undefined && { conflict }) }
}

/** Some credentials are identified by the identity itself. */
function withOwner(credential: Credential, ownerId: string): Credential {
  const { identifiersFrom } = definitionOf(credential.type) ?? {}
  return identifiersFrom === 'identity' ? { ...credential, identifiers: [ownerId] } : credential
}

/** What every identity has, or what is derived from its traits. */
const derived = new Set(['user_handle', 'addresses'])

/** Whether a credential holds nothing that somebody could sign in with. */
function isBare({ config }: Credential): boolean {
  return Object.entries(config).every(
    ([name, value]) => derived.has(name) || !value || (Array.isArray(value) && value.length === 0),
  )
}
