import { checkIdentitySchema } from '../../identity/schemas/index.ts'
import { configuredFetch } from '../fetch.ts'
import { loadIdentitySchemas } from './identity-schemas.ts'
import { type Part, readPart } from './part.ts'
import { type IdentityConfig, kratosSchema } from './schema.ts'
import { sourceFile } from './source.ts'
import { isTree, plain } from './walk.ts'

/**
 * Reads the Kratos part of a configuration, and the identity schemas that it names.
 * @throws ConfigError
 */
export async function loadIdentity(part: Part) {
  const { folder, options } = part
  const { value, refuse } = readPart<IdentityConfig>(plain(kratosSchema), part, withBaseUrls)
  const identity = complete(value)
  const fetch = options.fetch ?? configuredFetch(identity.clients.http)
  const read = await loadIdentitySchemas(identity, { folder, fetch, check: checkIdentitySchema })
  refuse([...read.findings, ...((await options.inspect?.(identity, { folder, fetch })) ?? [])])
  const files = identity.identity.schemas.flatMap(({ url }) => sourceFile(url, folder) ?? [])
  return { identity, identitySchemas: read.schemas, files }
}

/** Where the file names no address, it follows from the listener. */
function withBaseUrls(value: unknown): unknown {
  if (!isTree(value) || (value.serve !== undefined && !isTree(value.serve))) return value
  const serve = { ...value.serve }
  for (const [name, fallback] of [['public', 4433] as const, ['admin', 4434] as const]) {
    const listener = serve[name] ?? {}
    if (!isTree(listener) || typeof listener.base_url === 'string') continue
    const host =
      typeof listener.host === 'string' && !['', '0.0.0.0', '::'].includes(listener.host) ? listener.host : 'localhost'
    const scheme = listener.tls === undefined ? 'http' : 'https'
    serve[name] = { ...listener, base_url: `${scheme}://${host}:${listener.port ?? fallback}/` }
  }
  return { ...value, serve }
}

/** Defaults that follow from other keys. */
function complete(config: IdentityConfig): IdentityConfig {
  const { session } = config
  return {
    ...config,
    session: { ...session, earliest_possible_extend: session.earliest_possible_extend ?? session.lifespan },
  }
}
