import type { CreateIdentityBody } from '@latchkey/api'
import type { TObject } from 'typebox'
import type { Address, Channel } from '../../kernel/address.ts'
import type { Context } from '../../kernel/context.ts'
import type { Credential, CredentialType } from '../record.ts'

export type Config = Credential['config']
/** The configuration of the sign-in methods. */
export type Methods = Context['config']['identity']['selfservice']['methods']
export type GivenCredentials = NonNullable<CreateIdentityBody['credentials']>
/** A change prepared outside the transaction and applied to the stored credential inside it. */
export type CredentialChange = (credential: Credential) => Credential

/** How a credential uses a marked trait. */
export type TraitUse =
  | { readonly identifier: string; readonly via?: Channel }
  /** The account name in authenticator apps. */
  | { readonly label: string }
  /** The value does not have the required format. */
  | { readonly expected: 'email' | 'tel' }

/**
 * The type-specific behavior of a credential. Other files of the room use these objects instead of comparing types.
 */
export interface CredentialDefinition {
  readonly type: CredentialType
  /** The source of identifiers: traits marked in the schema, connections in the config, or the identity's ID. */
  readonly identifiersFrom: 'traits' | 'config' | 'identity'
  /** The version of a new credential. Kratos upgrades some types after creation: they show version 0 until then. */
  readonly version: number
  readonly versionWhenCreated?: number
  /** The normalization of identifiers; by default that of user input, in lower case. */
  readonly normalize?: (identifier: string) => string
  readonly emptyConfig?: (identityId: string) => Config
  /** The current form of a config that Kratos stored in version 0. */
  readonly upgradeConfig?: (credential: Credential, identityId: string) => Config
  /** Whether the config is encrypted in the database, because it contains a shared secret. */
  readonly sealed?: true

  /** The values that `ory.sh/kratos` accepts under `credentials`, and the resulting use of the trait. */
  readonly trait?: { readonly schema: TObject; readonly use: (marked: Config, text: string) => TraitUse | undefined }
  /** The config, if it is derived from the addresses among the marked traits. */
  readonly configFromTraits?: (addresses: readonly Address[]) => Config
  /** Further values in a config that belong to one identity only, by their kind. */
  readonly uniqueIn?: (config: Config) => { kind: string; value: string }[]
  /** The identifiers in a config. `refuse` creates the error for an invalid config. */
  readonly identifiersIn?: (config: Config, refuse: (what: string) => Error) => string[]

  /** The number of first factors that the credential provides; the credential may be absent. */
  readonly countFirstFactors?: (credential: Credential | undefined, methods: Methods) => number
  /** Whether the credential is set up as a second factor. */
  readonly isSecondFactor?: (config: Config) => boolean
  readonly isEnabledSecondFactor?: (methods: Methods) => boolean

  /** What identifies each authenticator in a config, for types whose additions people are told of. */
  readonly authenticatorsIn?: (config: Config) => string[]

  /** The config in the admin API with `include_credential`; undefined hides it. By default it is unchanged. */
  readonly adminConfig?: (config: Config) => Config | undefined
  /** Rejects an invalid config after a JSON Patch; the error may have a specific ID. */
  readonly checkConfig?: (config: Config, refuse: (what: string, id?: string) => Error) => void
  /** Absent if credentials of this type cannot be imported. */
  readonly importer?: Importer
  /**
   * Adds the credential of an identity that is merged into another one. Without it, an identity keeps its own credential
   * of the type, and takes over the other one only if it has none.
   */
  readonly combine?: (into: Credential, from: Credential) => Combined
  /** Absent if administrators cannot delete credentials of this type. */
  readonly removal?: Removal
}

export interface Importer {
  /** Rejects an invalid import with 400. */
  check(ctx: Context, given: GivenCredentials): void
  /** Prepares the import; hashing is slow. */
  prepare(ctx: Context, given: GivenCredentials): CredentialChange | Promise<CredentialChange>
}

/** A combined credential. */
export interface Combined {
  credential: Credential
  /** What could not be added, as a reason for administrators. */
  conflict?: string
}

export interface Removal {
  /** An identity's last first factor is never deleted. */
  readonly keepsLastFirstFactor: boolean
  /** The remaining credential; undefined if nothing remains. */
  remove(credential: Credential, options: { identifier?: string }): Credential | undefined
}

/** The objects in a list of a config; empty if there is no such list. */
export function listIn(config: Config | undefined, member: string): Record<string, unknown>[] {
  const list = config?.[member]
  return Array.isArray(list) ? list : []
}
