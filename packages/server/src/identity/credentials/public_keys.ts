import { createHash } from 'node:crypto'
import { ApiError } from '@latchkey/api'
import { decodeCredentialPublicKey } from '@simplewebauthn/server/helpers'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Credential } from '../record.ts'
import { type Config, type GivenCredentials, type Importer, listIn } from './definition.ts'

/**
 * A public key credential (WebAuthn Level 3, section 4, "credential record") in the form in which Kratos stores it.
 * Binary members are base64 (RFC 4648, section 4).
 */
export interface PublicKey {
  id: string
  /** A COSE_Key (RFC 9052, section 7). */
  public_key: string
  /** The attestation statement format that came with it. */
  attestation_type: string
  authenticator: { aaguid: string; sign_count: number; clone_warning: boolean }
  /** Empty if it has no name. */
  display_name: string
  added_at: string
  /** Whether it is a first factor. */
  is_passwordless: boolean
  flags?: KeyFlags
  transport?: string[]
  attestation?: Record<string, unknown>
}

/** The flags of the authenticator data when the key was last used (WebAuthn, section 6.1). */
export interface KeyFlags {
  user_present: boolean
  user_verified: boolean
  backup_eligible: boolean
  backup_state: boolean
}

/** The COSE algorithms that keys may have, in the order of preference, as in Kratos. */
export const keyAlgorithms: readonly number[] = [-7, -35, -36, -257, -258, -259, -37, -38, -39, -8]

/** How many keys of one type an identity may have. */
export const mostKeys = 50
/** WebAuthn, sections 4 and 5.4.3. */
const longestId = 1023
const longestHandle = 64
const longestKey = 2048
const longestName = 255

/** The kinds of values by which keys are found, and which belong to one identity only. */
const keyKind = 'public_key'
export const handleKind = 'user_handle'

/** The keys in a config. */
export function keysIn(config: Config | undefined): PublicKey[] {
  return listIn(config, 'credentials') as unknown as PublicKey[]
}

/** The user handle in a config; empty if there is none. */
export function handleIn(config: Config | undefined): Buffer {
  return Buffer.from(typeof config?.user_handle === 'string' ? config.user_handle : '', 'base64')
}

/** The identifier that Kratos stores for a user handle: its text. Handles that are no plain text are written in base64. */
export function handleText(handle: Uint8Array): string {
  const text = Buffer.from(handle).toString('latin1')
  return /^[\x21-\x7e]+$/.test(text) ? text : `base64:${Buffer.from(handle).toString('base64')}`
}

/** Key ids can be longer than what can be indexed. */
export function uniqueKeys(config: Config): { kind: string; value: string }[] {
  return keysIn(config).map(({ id }) => ({
    kind: keyKind,
    value: createHash('sha256').update(Buffer.from(id, 'base64')).digest('base64url'),
  }))
}

/** Rejects a config whose keys nobody could sign in with. */
export function checkKeys(config: Config, refuse: (what: string) => Error): void {
  const { credentials = [], user_handle: handle } = config
  if (!Array.isArray(credentials) || credentials.length > mostKeys)
    throw refuse(`the credentials must be a list of at most ${mostKeys} public keys`)
  if (!credentials.every(isKey)) throw refuse('a public key needs an id and a supported COSE key, both in base64')
  if (handle !== undefined && !isBytes(handle, longestHandle))
    throw refuse(`the user_handle must have 1 to ${longestHandle} bytes, in base64`)
  const ids = uniqueKeys(config).map(({ value }) => value)
  if (new Set(ids).size < ids.length) throw refuse('the same public key occurs twice')
}

function isKey(one: unknown): boolean {
  if (typeof one !== 'object' || one === null) return false
  const { id, public_key: key, display_name: name = '', transport = [], added_at: added } = one as Partial<PublicKey>
  return (
    isBytes(id, longestId) &&
    isBytes(key, longestKey) &&
    isSupportedKey(Buffer.from(key as string, 'base64')) &&
    typeof name === 'string' &&
    name.length <= longestName &&
    Array.isArray(transport) &&
    transport.length <= 10 &&
    (added === undefined || !Number.isNaN(Date.parse(added)))
  )
}

/** Whether it is a COSE_Key with one of the supported algorithms. */
function isSupportedKey(key: Uint8Array): boolean {
  try {
    // 3 is the label of the algorithm (RFC 9052, section 7.1).
    return keyAlgorithms.includes(Number(decodeCredentialPublicKey(new Uint8Array(key)).get(3)))
  } catch {
    return false
  }
}

function isBytes(value: unknown, most: number): boolean {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return false
  const { length } = Buffer.from(value, 'base64')
  return length > 0 && length <= most
}

type KeyType = 'webauthn' | 'passkey'

/** Imported keys are added to existing ones; a key of the same id replaces the existing one. */
export function keyImporter(type: KeyType): Importer {
  const refuse = (what: string) =>
    ApiError.badRequest({ message: `The ${type} credentials cannot be imported: ${what}.` })
  return {
    check(_ctx, given) {
      const config = givenConfig(type, given)
      checkKeys(config, refuse)
      if (keysIn(config).length === 0) throw refuse('there are none')
      if (type === 'passkey' && config.user_handle === undefined)
        throw refuse('the user_handle is missing, by which passkeys are found')
    },
    prepare: (ctx, given) => (credential) => {
      const added = importedKeys(ctx, type, given)
      const ids = new Set(added.map(({ id }) => id))
      const credentials = [...keysIn(credential.config).filter(({ id }) => !ids.has(id)), ...added]
      if (credentials.length > mostKeys) throw refuse(`an identity may have at most ${mostKeys} of them`)
      const { user_handle: handle = credential.config.user_handle } = givenConfig(type, given)
      const config = { ...credential.config, credentials, user_handle: handle }
      return { ...credential, version: 1, config, ...(type === 'passkey' && withHandle(credential, handleIn(config))) }
    },
  }
}

/** The identifiers of passkeys are the user handles that authenticators know. */
export function withHandle({ identifiers }: Pick<Credential, 'identifiers'>, handle: Uint8Array) {
  return { identifiers: [...new Set([...identifiers, handleText(handle)])] }
}

/** Bytes can be given as base64 or, as in Ory's document, as a list of numbers. */
function givenConfig(type: KeyType, given: GivenCredentials): Config {
  const { credentials, user_handle: handle } = given[type]?.config ?? {}
  return {
    ...(handle !== undefined && { user_handle: base64Of(handle) }),
    credentials: (credentials ?? []).map((key) => ({
      ...key,
      id: base64Of(key?.id),
      public_key: base64Of(key?.public_key),
      ...(key?.authenticator && {
        authenticator: { ...key.authenticator, aaguid: base64Of(key.authenticator.aaguid) },
      }),
    })),
  }
}

function base64Of(value: unknown): string {
  if (typeof value === 'string') return value
  return Array.isArray(value) ? Buffer.from(value).toString('base64') : ''
}

function importedKeys(ctx: Context, type: KeyType, given: GivenCredentials): PublicKey[] {
  return keysIn(givenConfig(type, given)).map((key) => ({
    id: key.id,
    public_key: key.public_key,
    attestation_type: key.attestation_type ?? 'none',
    authenticator: {
      aaguid: key.authenticator?.aaguid ?? '',
      sign_count: key.authenticator?.sign_count ?? 0,
      clone_warning: key.authenticator?.clone_warning ?? false,
    },
    display_name: key.display_name ?? '',
    added_at: key.added_at ?? timestamp(ctx.clock.now()),
    is_passwordless: type === 'passkey' || key.is_passwordless === true,
    ...(key.flags && { flags: key.flags }),
    ...(key.transport && { transport: key.transport }),
  }))
}
