import { dirname, resolve } from 'node:path'
import { checkIdentitySchema } from '../../identity/schemas/index.ts'
import { configuredFetch, type Fetch } from '../fetch.ts'
import { defaultDocument } from './default-project.ts'
import { withDefaults } from './defaults.ts'
import { type Document, type Path, readDocument } from './document.ts'
import { applyEnvironment, type Environment, type Override } from './environment.ts'
import { type IdentitySchema, loadIdentitySchemas } from './identity-schemas.ts'
import { ConfigError, type Problem } from './problems.ts'
import { type ProjectFile, projectSchema } from './project.ts'
import { type IdentityConfig, kratosSchema } from './schema.ts'
import { sourceFile } from './source.ts'
import { convertUnits } from './units.ts'
import { type Finding, findings } from './validate.ts'
import { isTree, plain } from './walk.ts'

/** What one project runs with. */
export interface ProjectConfig {
  readonly identity: IdentityConfig
  readonly identitySchemas: readonly IdentitySchema[]
  readonly corsPublic: { enabled: boolean; origins: string[] }
  readonly corsAdmin: { enabled: boolean; origins: string[] }
  /** As written; the rooms of later issues give them a meaning. */
  readonly oauth2?: Record<string, unknown>
  readonly permission?: Record<string, unknown>
  readonly accountExperience: Record<string, unknown>
}

/** A configuration that has been read, checked and completed. */
export interface Loaded {
  readonly mode: 'dev' | 'project' | 'drop-in'
  /** The file it came from; none for the built-in project. */
  readonly file?: string
  /** From the file or `DSN`; the command line may name another. */
  readonly dsn?: string
  readonly project: { readonly id?: string; readonly slug: string; readonly name: string }
  readonly config: ProjectConfig
  /** Files to watch: the configuration itself and the identity schemas beside it. */
  readonly files: readonly string[]
}

export interface LoadOptions {
  /** Reads identity schemas over HTTP; by default one that honours `clients.http.disallow_private_ip_ranges`. */
  fetch?: Fetch
  /** Looks further than the schema can, such as into files that the configuration names. What it finds refuses it. */
  inspect?: (identity: IdentityConfig, from: { folder: string; fetch: Fetch }) => Promise<Finding[]>
}

/**
 * Reads a Kratos configuration file.
 * @throws ConfigError with every problem, its file, line and key.
 */
export async function loadKratosFile(path: string, env: Environment, options: LoadOptions = {}): Promise<Loaded> {
  return fromKratos(await readDocument(path), env, options)
}

/**
 * Reads a file of either kind: with `services` it is a project, else a Kratos configuration.
 * @throws ConfigError with every problem, its file, line and key.
 */
export async function loadFile(path: string, env: Environment, options: LoadOptions = {}): Promise<Loaded> {
  const document = await readDocument(path)
  const isProject = isTree(document.value) && document.value.services !== undefined
  return isProject ? fromProject(document, env, options) : fromKratos(document, env, options)
}

async function fromKratos(document: Document, env: Environment, options: LoadOptions): Promise<Loaded> {
  const folder = dirname(document.file)
  const part = await loadIdentity({ document, at: [], value: document.value, env, folder, options })
  const { cors } = part.identity.serve.public
  return {
    mode: 'drop-in',
    file: document.file,
    dsn: part.identity.dsn,
    project: { slug: 'default', name: 'Latchkey' },
    files: [document.file, ...part.files],
    config: {
      identity: part.identity,
      identitySchemas: part.identitySchemas,
      corsPublic: { enabled: cors.enabled, origins: cors.allowed_origins },
      corsAdmin: { enabled: false, origins: [] },
      accountExperience: {},
    },
  }
}

/**
 * Reads a project file in Ory Network's shape; environment variables reach `services.identity.config`.
 * @throws ConfigError with every problem, its file, line and key.
 */
export async function loadProjectFile(path: string, env: Environment, options: LoadOptions = {}): Promise<Loaded> {
  return fromProject(await readDocument(path), env, options)
}

async function fromProject(document: Document, env: Environment, options: LoadOptions): Promise<Loaded> {
  const part = await loadProject(document, dirname(document.file), env, options)
  return { mode: 'project', file: document.file, ...part }
}

/** The built-in project: people with an e-mail address and a name, pages under `/ui/`, mail kept in the mailbox. */
export async function defaultProject(
  settings: { port: number; mode: 'dev' },
  env: Environment = {},
  options: LoadOptions = {},
): Promise<Loaded> {
  const document: Document = {
    file: 'built-in project',
    value: defaultDocument(settings.port),
    locate: () => ({ line: 1, column: 1 }),
  }
  return { mode: settings.mode, ...(await loadProject(document, resolve('.'), env, options)), files: [] }
}

async function loadProject(document: Document, folder: string, env: Environment, options: LoadOptions) {
  const whole = withDefaults(plain(projectSchema), document.value)
  refuse(findings(projectSchema, whole), document, [])
  const file = whole as ProjectFile
  const at = ['services', 'identity', 'config']
  const part = await loadIdentity({ document, at, value: file.services.identity.config, env, folder, options })
  return {
    dsn: part.identity.dsn,
    project: { id: file.id, slug: file.slug, name: file.name },
    files: [document.file, ...part.files],
    config: {
      identity: part.identity,
      identitySchemas: part.identitySchemas,
      corsPublic: file.cors_public,
      corsAdmin: file.cors_admin,
      oauth2: file.services.oauth2?.config,
      permission: file.services.permission?.config,
      accountExperience: file.services.account_experience?.config ?? {},
    },
  }
}

interface IdentityPart {
  document: Document
  /** Where in the document the Kratos configuration stands. */
  at: Path
  value: unknown
  env: Environment
  folder: string
  options: LoadOptions
}

async function loadIdentity({ document, at, value, env, folder, options }: IdentityPart) {
  const { value: overlaid, overrides } = applyEnvironment(schema, isTree(value) ? value : {}, env)
  const raw = withDefaults(schema, withBaseUrls(overlaid))
  refuse(isTree(value) ? findings(schema, raw) : [notAMapping], document, at, overrides)
  const identity = complete(convertUnits(schema, raw) as IdentityConfig)
  const fetch = options.fetch ?? configuredFetch(identity.clients.http)
  const read = await loadIdentitySchemas(identity, { folder, fetch, check: checkIdentitySchema })
  refuse([...read.findings, ...((await options.inspect?.(identity, { folder, fetch })) ?? [])], document, at, overrides)
  const files = identity.identity.schemas.flatMap(({ url }) => sourceFile(url, folder) ?? [])
  return { identity, identitySchemas: read.schemas, files }
}

const schema = plain(kratosSchema)

const notAMapping: Finding = { path: [], expected: 'a mapping of keys', found: 'something else' }

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

function refuse(found: readonly Finding[], document: Document, at: Path, overrides: readonly Override[] = []) {
  if (found.length === 0) return
  const problems = found.map(({ path, expected, found }): Problem => {
    const key = [...at, ...path].join('.')
    const override = overrides.find((one) => one.path.every((part, index) => part === path[index]))
    if (override) return { file: 'environment', key: `${override.variable} (${key})`, expected, found }
    return { file: document.file, ...document.locate([...at, ...path]), key, expected, found }
  })
  throw new ConfigError(problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)))
}
