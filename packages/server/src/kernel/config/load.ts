import { dirname, resolve } from 'node:path'
import { defaultDocument } from './default-project.ts'
import { withDefaults } from './defaults.ts'
import { type Document, readDocument } from './document.ts'
import type { Environment } from './environment.ts'
import { loadIdentity } from './identity.ts'
import type { IdentitySchema } from './identity-schemas.ts'
import type { KetoFile } from './keto-schema.ts'
import { type Kind, kindOf } from './kind.ts'
import { type LoadOptions, problemsOf, refuse, together } from './part.ts'
import { loadPermission, type PermissionConfig } from './permission.ts'
import { type ProjectFile, projectSchema } from './project.ts'
import type { IdentityConfig } from './schema.ts'
import { findings } from './validate.ts'
import { plain } from './walk.ts'

/** What one project runs with. */
export interface ProjectConfig {
  readonly identity: IdentityConfig
  readonly identitySchemas: readonly IdentitySchema[]
  readonly corsPublic: { enabled: boolean; origins: string[] }
  readonly corsAdmin: { enabled: boolean; origins: string[] }
  readonly permission: PermissionConfig
  /** As written; the room of a later issue gives it a meaning. */
  readonly oauth2?: Record<string, unknown>
  readonly accountExperience: Record<string, unknown>
}

/** The servers whose place drop-in mode takes. */
export type Original = Exclude<Kind, 'project'>

/** A configuration that has been read, checked and completed. */
export interface Loaded {
  readonly mode: 'dev' | 'project' | 'drop-in'
  /** In drop-in mode those whose listeners are opened; Kratos alone unless told. */
  readonly originals?: readonly Original[]
  /** The file it came from; none for the built-in project. */
  readonly file?: string
  /** From the file or `DSN`; the command line may name another. */
  readonly dsn?: string
  readonly project: { readonly id?: string; readonly slug: string; readonly name: string }
  readonly config: ProjectConfig
  /** Files to watch: the configuration itself and what it names beside it. A folder ends with a slash. */
  readonly files: readonly string[]
}

/**
 * Reads the configuration files of the originals that one process takes the place of.
 * @throws ConfigError with every problem, its file, line and key.
 */
export async function loadOriginals(
  files: Partial<Record<Original, string>>,
  env: Environment,
  options: LoadOptions = {},
): Promise<Loaded> {
  const read = async (path: string | undefined) => (path === undefined ? undefined : readDocument(path))
  const [kratos, keto] = await together(read(files.kratos), read(files.keto))
  return fromOriginals({ kratos, keto }, env, options)
}

/**
 * Reads a file of any kind; which, its keys tell.
 * @throws ConfigError with every problem, its file, line and key.
 */
export async function loadFile(path: string, env: Environment, options: LoadOptions = {}): Promise<Loaded> {
  const document = await readDocument(path)
  const kind = kindOf(document.value)
  return kind === 'project' ? fromProject(document, env, options) : fromOriginals({ [kind]: document }, env, options)
}

/** What an original's file says nothing of is as in the built-in project, and no variable reaches it. */
async function fromOriginals(
  { kratos, keto }: Partial<Record<Original, Document>>,
  env: Environment,
  options: LoadOptions,
): Promise<Loaded> {
  const whole = (document: Document) => ({
    document,
    at: [],
    value: document.value,
    env,
    folder: dirname(document.file),
    options,
  })
  const builtIn = builtInDocument(4433)
  const { config } = builtIn.value.services.identity
  const [identity, permission] = await together(
    loadIdentity(kratos ? whole(kratos) : { ...whole(builtIn), value: config, env: {} }),
    loadPermission(keto ? whole(keto) : { ...whole(builtIn), value: {}, env: {} }),
  )
  if (kratos && keto) refuseTwoDatabases(keto, [identity.identity.dsn, permission.dsn])
  const { cors } = identity.identity.serve.public
  const present = { kratos, keto }
  return {
    mode: 'drop-in',
    originals: (['kratos', 'keto'] as const).filter((name) => present[name]),
    file: (kratos ?? keto)?.file,
    dsn: identity.identity.dsn ?? permission.dsn,
    project: { slug: 'default', name: 'Latchkey' },
    files: [...[kratos, keto].flatMap((document) => document?.file ?? []), ...identity.files, ...permission.files],
    config: {
      identity: kratos ? identity.identity : withLevel(identity.identity, permission.log.level),
      identitySchemas: identity.identitySchemas,
      permission: permission.permission,
      corsPublic: { enabled: cors.enabled, origins: cors.allowed_origins },
      corsAdmin: { enabled: false, origins: [] },
      accountExperience: {},
    },
  }
}

/** There is one log; where Keto is served alone it is as Keto's file wants it. */
function withLevel(identity: IdentityConfig, level: KetoFile['log']['level']): IdentityConfig {
  return { ...identity, log: { ...identity.log, level: level === 'warn' ? 'warning' : level } }
}

/** One process has one database, so files that name two need somebody to say which. */
function refuseTwoDatabases(document: Document, [one, other]: (string | undefined)[]) {
  if (one === undefined || other === undefined || one === other) return
  const expected = 'the database that the Kratos file names, or --dsn on the command line'
  refuse(problemsOf([{ path: ['dsn'], expected, found: 'another one' }], document))
}

/**
 * Reads a project file in Ory Network's shape; environment variables reach `services.identity.config` and
 * `services.permission.config`.
 * @throws ConfigError with every problem, its file, line and key.
 */
export async function loadProjectFile(path: string, env: Environment, options: LoadOptions = {}): Promise<Loaded> {
  return fromProject(await readDocument(path), env, options)
}

async function fromProject(document: Document, env: Environment, options: LoadOptions): Promise<Loaded> {
  const part = await loadProject(document, dirname(document.file), env, options)
  return { mode: 'project', file: document.file, ...part, files: [document.file, ...part.files] }
}

/** The built-in project: people with an e-mail address and a name, pages under `/ui/`, mail kept in the mailbox. */
export async function defaultProject(
  settings: { port: number; mode: 'dev' },
  env: Environment = {},
  options: LoadOptions = {},
): Promise<Loaded> {
  return { mode: settings.mode, ...(await loadProject(builtInDocument(settings.port), resolve('.'), env, options)) }
}

function builtInDocument(port: number) {
  return { file: 'built-in project', value: defaultDocument(port), locate: () => ({ line: 1, column: 1 }) }
}

async function loadProject(document: Document, folder: string, env: Environment, options: LoadOptions) {
  const whole = withDefaults(plain(projectSchema), document.value)
  refuse(problemsOf(findings(projectSchema, whole), document))
  const { id, slug, name, services, ...file } = whole as ProjectFile
  const part = (name: keyof typeof services) => ({
    ...{ document, env, folder, options },
    at: ['services', name, 'config'],
    value: services[name]?.config ?? {},
  })
  const [identity, permission] = await together(loadIdentity(part('identity')), loadPermission(part('permission')))
  return {
    dsn: identity.identity.dsn,
    project: { id, slug, name },
    files: [...identity.files, ...permission.files],
    config: {
      identity: identity.identity,
      identitySchemas: identity.identitySchemas,
      permission: permission.permission,
      corsPublic: file.cors_public,
      corsAdmin: file.cors_admin,
      oauth2: services.oauth2?.config,
      accountExperience: services.account_experience?.config ?? {},
    },
  }
}
