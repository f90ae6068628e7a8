import type { CreateIdentityBody } from '@latchkey/api'
import type { TObject } from 'typebox'
import type { Context } from '../../kernel/context.ts'
import type { Credential, CredentialType } from '../record.ts'

export type Config = Credential['config']
/** The configuration of the sign-in methods, which says what is enabled. */
export type Methods = Context['config']['identity']['selfservice']['methods']
export type GivenCredentials = NonNullable<CreateIdentityBody['credentials']>
/** A change prepared outside the transaction and applied to the stored credential inside it. */
export type CredentialChange = (credential: Credential) => Credential

export type Channel = 'email' | 'sms'

/** How a credential uses a marked trait. */
export type TraitUse =
  | { readonly identifier: string; readonly via?: Channel }
  /** What an authenticator calls the account. */
  | { readonly label: string }
  /** The value does not have the required format. */
  | { readonly expected: 'tel' }

/**
 * Everything in which one type of credential differs from the others. Other files of the room ask these objects and
 * never compare types themselves.
 */
export interface CredentialDefinition {
  readonly type: CredentialType
  /** Identifiers are traits that the schema marks, connections in the config, or the identity's own id. */
  readonly identifiersFrom: 'traits' | 'config' | 'identity'
  /** The version of a new credential. Kratos upgrades some types after creation: they show version 0 until then. */
  readonly version: number
  readonly versionWhenCreated?: number
  /** How an identifier is stored and compared; by default as people's input, in small letters. */
  readonly normalise?: (identifier: string) => string
  readonly emptyConfig?: (identityId: string) => Config
  /** The config is encrypted in the database, because with it anybody could give this proof. */
  readonly sealed?: true

  /** What the keyword `ory.sh/kratos` may say of a trait under `credentials`, and what the trait is then used for. */
  readonly trait?: { readonly schema: TObject; readonly use: (marked: Config, text: string) => TraitUse | undefined }
  /** The config where it follows from the marked traits. */
  readonly configFromTraits?: (identifiers: readonly { via: Channel; value: string }[]) => Config
  /** The identifiers that a config names. `refuse` makes the error for one that cannot be used. */
  readonly identifiersIn?: (config: Config, refuse: (what: string) => Error) => string[]

  /** How many ways to sign in with a first factor this is; the credential may be absent. */
  readonly countFirstFactors?: (credential: Credential | undefined, methods: Methods) => number
  /** Whether the credential is set up as a second factor. */
  readonly isSecondFactor?: (config: Config) => boolean
  readonly isEnabledSecondFactor?: (methods: Methods) => boolean

  /** What administrators who ask for the config see; undefined: nothing. By default the config as it is. */
  readonly adminConfig?: (config: Config) => Config | undefined
  /** Refuses a config that a JSON Patch made; the error may have an id of its own. */
  readonly checkConfig?: (config: Config, refuse: (what: string, id?: string) => Error) => void
  /** Absent if credentials of this type cannot be imported. */
  readonly importer?: Importer
  /** Absent if administrators cannot delete credentials of this type. */
  readonly removal?: Removal
}

export interface Importer {
  /** Refuses with 400 what cannot be imported. */
  check(ctx: Context, given: GivenCredentials): void
  /** Prepares the import; hashing is slow. */
  prepare(ctx: Context, given: GivenCredentials): CredentialChange | Promise<CredentialChange>
}

export interface Removal {
  /** An identity's last first factor is never deleted. */
  readonly keepsLastFirstFactor: boolean
  /** The remaining credential; undefined if nothing remains. */
  remove(credential: Credential, options: { identifier?: string }): Credential | undefined
}

/** The objects in a list of a config; none where the config has no such list. */
export function listIn(config: Config | undefined, member: string): Record<string, unknown>[] {
  const list = config?.[member]
  return Array.isArray(list) ? list : []
}
