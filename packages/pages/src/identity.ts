import type { FlowIdentity } from './flow/flow.ts'

/** The display name of an identity: an address or name from its traits, otherwise its id. */
export function displayName(identity: FlowIdentity): string {
  const traits = (typeof identity.traits === 'object' && identity.traits) || {}
  for (const key of ['email', 'username', 'phone']) {
    const value = (traits as Record<string, unknown>)[key]
    if (typeof value === 'string' && value !== '') return value
  }
  const address = identity.verifiable_addresses?.[0]?.value
  if (address) return address
  const text = Object.values(traits).find((value) => typeof value === 'string' && value !== '')
  return typeof text === 'string' ? text : identity.id
}
