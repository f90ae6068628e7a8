import Type, { type Static } from 'typebox'
import { closedObject, flag, integer, strings, uri } from '../kernel/config/schema-builders.ts'
import { ignoredKey } from '../kernel/config/support.ts'
import type { Namespace } from './opl/model.ts'

/** A namespace that is only named, as configurations wrote it before there was a language for it. */
export const namedNamespace = closedObject({
  $schema: ignoredKey(Type.Optional(Type.String()), 'it tells editors what the file looks like'),
  name: Type.String(),
  id: ignoredKey(Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 })), 'namespaces go by their names'),
  config: ignoredKey(Type.Optional(Type.Record(Type.String(), Type.Unknown())), 'the original reads nothing of it'),
})

/** Where the model stands: an address of old namespace files, a list of names, or the address of a namespaces file. */
export type NamespacesSource =
  | string
  | Static<typeof namedNamespace>[]
  | { location: string; experimental_strict_mode?: boolean }

/** One schema for the three forms: each keyword of JSON Schema looks only at values of its own type. */
export const namespaces = Type.Unsafe<NamespacesSource>({
  type: ['string', 'array', 'object'],
  format: 'uri',
  items: namedNamespace,
  properties: { location: uri(), experimental_strict_mode: Type.Boolean() },
  required: ['location'],
  additionalProperties: false,
})

const boundedInteger = (fallback: number) => integer(fallback, { minimum: 1, maximum: 65_535 })

/** Bounds of what one request may cost. */
export const limit = closedObject({
  max_read_depth: boundedInteger(5),
  max_read_width: boundedInteger(100),
  max_expand_size: integer(4000, { minimum: 0, maximum: 65_535 }),
  max_batch_check_size: boundedInteger(10),
  batch_check_max_parallelization: ignoredKey(
    boundedInteger(5),
    'the checks of a batch are answered together by the same statements',
  ),
})

/** What came with the configurations of July 2026. */
export const featureFlags = closedObject({
  strict_mode: flag(false),
  expand_rewrites: flag(false),
})

/**
 * How relationships go together with identities; Latchkey's own, since Keto knows of no identities. Off unless told, as
 * an id of a subject may stand for anything.
 */
export const identities = closedObject({
  /** Whether a `subject_id` that is written has to be the id of an identity. */
  required: flag(false),
  /** Whether the relationships of an identity are deleted with it. */
  delete_relationships: flag(false),
  /** Namespaces whose objects are identities, so that `User:ID` goes with the identity as well. */
  namespaces: strings([], { uniqueItems: true, maxItems: 100 }),
})

/** A Keto configuration with its defaults filled in and its model parsed. */
export interface PermissionConfig {
  /** The running model; empty where none is configured. */
  readonly namespaces: readonly Namespace[]
  readonly limit: Readonly<Static<typeof limit>>
  readonly identities: Readonly<Static<typeof identities>>
  /**
   * Only what a model declares counts: no relationships of permissions, no subject sets of other kinds. What a limit
   * keeps from being found out is an error.
   */
  readonly strictMode: boolean
  /** Whether an expansion follows the rules of the model. */
  readonly expandRewrites: boolean
}

declare module '../kernel/project-config.ts' {
  interface ProjectConfig {
    readonly permission: PermissionConfig
  }
}
