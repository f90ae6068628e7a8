import type { FlowIdentity } from './flow/flow.ts'

/** What a person is called on pages: an address or name that they would recognize, else the identity's id. */
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
