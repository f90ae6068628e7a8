import type { Static } from 'typebox'
import type { identities, limit, serve } from '../../permission/config.ts'
import type { Namespace } from '../../permission/opl/model.ts'
import { configuredFetch } from '../fetch.ts'
import { type KetoFile, ketoSchema } from './keto-schema.ts'
import { loadNamespaces } from './namespaces.ts'
import { type Part, readPart } from './part.ts'
import type { Finding } from './validate.ts'
import { isTree, plain } from './walk.ts'

type Serve = Static<typeof serve>

/** A listener of Keto's, as its file describes it. */
export type KetoListener = Serve[keyof Serve]

/** A Keto configuration with its defaults filled in and its model read. */
export interface PermissionConfig {
  /** The running model; empty where none is configured. */
  readonly namespaces: readonly Namespace[]
  readonly limit: Readonly<Static<typeof limit>>
  readonly identities: Readonly<Static<typeof identities>>
  readonly serve: { readonly [name in keyof Serve]: KetoListener }
  /** Only what a model declares counts: no relationships of permissions, no subject sets of other kinds. */
  readonly strictMode: boolean
}

/**
 * Reads the Keto part of a configuration, and the model that it names.
 * @throws ConfigError
 */
export async function loadPermission(part: Part) {
  const { value, refuse } = readPart<KetoFile>(plain(ketoSchema), part)
  const { namespaces: source, limit, identities, serve, log, dsn } = value
  const fetch = part.options.fetch ?? configuredFetch({ ...value.clients.http, private_ip_exception_urls: [] })
  const model = await loadNamespaces(source, { folder: part.folder, fetch })
  refuse([...model.findings, ...unknownIn(identities.namespaces, model.namespaces)], model.problems)
  const strictMode = isTree(source) && source.experimental_strict_mode === true
  const permission: PermissionConfig = { namespaces: model.namespaces, limit, identities, serve, strictMode }
  return { permission, log, dsn, files: model.files }
}

/** A namespace that is misspelt would leave the relationships that it was to name. */
function unknownIn(named: readonly string[], namespaces: readonly Namespace[]): Finding[] {
  return named.flatMap((name, i) => {
    if (namespaces.some((one) => one.name === name)) return []
    return [
      { path: ['identities', 'namespaces', i], expected: 'a namespace of the model', found: JSON.stringify(name) },
    ]
  })
}
