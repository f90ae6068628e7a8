import type { Static } from 'typebox'
import type { limit, serve } from '../../permission/config.ts'
import type { Namespace } from '../../permission/opl/model.ts'
import { configuredFetch } from '../fetch.ts'
import { type KetoFile, ketoSchema } from './keto-schema.ts'
import { loadNamespaces } from './namespaces.ts'
import { type Part, readPart } from './part.ts'
import { isTree, plain } from './walk.ts'

type Serve = Static<typeof serve>

/** A listener of Keto's, as its file describes it. */
export type KetoListener = Serve[keyof Serve]

/** A Keto configuration with its defaults filled in and its model read. */
export interface PermissionConfig {
  /** The running model; empty where none is configured. */
  readonly namespaces: readonly Namespace[]
  readonly limit: Readonly<Static<typeof limit>>
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
  const { namespaces: source, limit, serve, log, dsn } = value
  const fetch = part.options.fetch ?? configuredFetch({ ...value.clients.http, private_ip_exception_urls: [] })
  const model = await loadNamespaces(source, { folder: part.folder, fetch })
  refuse(model.findings, model.problems)
  const strictMode = isTree(source) && source.experimental_strict_mode === true
  const permission: PermissionConfig = { namespaces: model.namespaces, limit, serve, strictMode }
  return { permission, log, dsn, files: model.files }
}
