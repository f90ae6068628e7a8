import { dirname, resolve } from 'node:path'
import { withDefaults } from '../kernel/config/defaults.ts'
import type { Document } from '../kernel/config/document.ts'
import type { Environment } from '../kernel/config/environment.ts'
import { type MergedDocument, readDocuments } from '../kernel/config/merge.ts'
import { allParts, noticesOf, type Part, problemsOf, refuse } from '../kernel/config/part.ts'
import type { Notice } from '../kernel/config/problems.ts'
import { unsupportedKeys } from '../kernel/config/support.ts'
import { type Finding, findings } from '../kernel/config/validate.ts'
import { isTree, plain } from '../kernel/config/walk.ts'
import type { ProjectConfig } from '../kernel/project-config.ts'
import { type AccountExperience, themeVariables } from '../pages/config.ts'
import { defaultDocument } from './default-project.ts'
import { detectFileType } from './detect.ts'
import type { InstallationConfig } from './installation.ts'
import type { LoadedOriginal, LoadOptions, Original } from './original.ts'
import { type OriginalName, originals } from './originals/index.ts'
import { kratos } from './originals/kratos.ts'
import { type ProjectFile, projectSchema } from './project-schema.ts'
import { siteName } from './site-name.ts'

/** A configuration that has been parsed, validated and completed with defaults. */
export interface Loaded {
  readonly mode: 'dev' | 'project' | 'drop-in'
  /** In drop-in mode, the originals whose listeners are opened. */
  readonly originals?: readonly OriginalName[]
  /** The configuration file; undefined for the built-in project. */
  readonly file?: string
  /** From the file or `DSN`; the command line can override it. */
  readonly dsn?: string
  readonly project: { readonly id?: string; readonly slug: string; readonly name: string }
  readonly config: ProjectConfig
  readonly installation: InstallationConfig
  /** Files to watch: the configuration and the files it references. Directories end with a slash. */
  readonly files: readonly string[]
  /** Unsupported settings. */
  readonly notices: readonly Notice[]
}

/** A file, or several ones that are merged; later ones win. */
type ConfigFiles = string | readonly [string, ...string[]]

type Documents = Partial<Record<OriginalName, MergedDocument>>

/**
 * Loads the configuration files of the originals that this process replaces.
 * @throws ConfigError with every problem, its file, line and key.
 */
export async function loadOriginals(
  files: Partial<Record<OriginalName, ConfigFiles | undefined>>,
  env: Environment,
  options: LoadOptions = {},
): Promise<Loaded> {
  const documents = await allParts(
    originals.flatMap(({ name }) => {
      const paths = files[name]
      return paths === undefined ? [] : [readDocuments(paths).then((document) => [name, document] as const)]
    }),
  )
  return fromOriginals(Object.fromEntries(documents), env, options)
}

/**
 * Loads a file of any type, detected by its keys.
 * @throws ConfigError with every problem, its file, line and key.
 */
export async function loadFile(path: string, env: Environment, options: LoadOptions = {}): Promise<Loaded> {
  const document = await readDocuments(path)
  const type = detectFileType(document.value)
  return type === 'project' ? fromProject(document, env, options) : fromOriginals({ [type]: document }, env, options)
}

/**
 * Loads a project file in the format of Ory Network. Environment variables apply to the `config` of each service.
 * @throws ConfigError with every problem, its file, line and key.
 */
export async function loadProjectFile(
  files: ConfigFiles,
  env: Environment,
  options: LoadOptions = {},
): Promise<Loaded> {
  return fromProject(await readDocuments(files), env, options)
}

/** The built-in project: identities with an email address and a name, pages under `/ui/`, email stored in the mailbox. */
export async function defaultProject(
  settings: { port: number; mode: 'dev' },
  env: Environment = {},
  options: LoadOptions = {},
): Promise<Loaded> {
  const document = builtInDocument(settings.port)
  return { mode: settings.mode, ...(await loadProject(document, { folder: resolve('.'), env, options })) }
}

/** An original without a file uses its part of the built-in project, to which environment variables do not apply. */
async function fromOriginals(documents: Documents, env: Environment, options: LoadOptions): Promise<Loaded> {
  const builtIn = builtInDocument(4433)
  const partOf = ({ name, service }: (typeof originals)[number]): Part => {
    const document = documents[name]
    if (!document)
      return { document: builtIn, at: [], value: serviceConfig(builtIn, service), env: {}, folder: '.', options }
    return { document, at: [], value: document.value, env, folder: dirname(document.file), options }
  }
  const identity = kratos.load(partOf(kratos))
  const baseUrl = documents.kratos ? publicUrlOf(identity) : undefined
  const loaded = await allParts(
    originals.map(async (original) => {
      const part = original === kratos ? identity : original.load({ ...partOf(original), signInUrl: await baseUrl })
      return [original.name, await part] as const
    }),
  )
  const present = loaded.flatMap(([name, part]) => {
    const document = documents[name]
    return document ? [{ name, document, part }] : []
  })
  refuseSeveralDatabases(present)
  const merged = mergeOriginals(
    loaded.map(([, part]) => part),
    present[0]?.part,
  )
  return {
    mode: 'drop-in',
    originals: present.map(({ name }) => name),
    file: present[0]?.document.file,
    dsn: present.find(({ part }) => part.dsn !== undefined)?.part.dsn,
    project: { slug: 'default', name: siteName(merged.config.identity) },
    ...merged,
    files: [...present.flatMap(({ document }) => document.files), ...loaded.flatMap(([, { files }]) => files)],
    notices: [
      ...loaded.flatMap(([, { notices }]) => notices),
      ...unusedProcessSettings(present.map(({ document }) => document)),
    ],
  }
}

function serviceConfig({ value }: Document, service: string): unknown {
  const services = isTree(value) && isTree(value.services) ? value.services : {}
  const own = services[service]
  return isTree(own) ? (own.config ?? {}) : {}
}

/** A process has one database, so files with different DSNs are an error unless the command line selects one. */
function refuseSeveralDatabases(present: readonly { document: Document; part: LoadedOriginal }[]) {
  const named = present.filter(({ part }) => part.dsn !== undefined)
  const [first, ...others] = named
  const expected = 'the database that the other file names, or --dsn on the command line'
  refuse(
    others
      .filter(({ part }) => part.dsn !== first?.part.dsn)
      .flatMap(({ document }) => problemsOf([{ path: ['dsn'], expected, found: 'another one' }], document)),
  )
}

/** Logging, tracing and outgoing requests are configured once per process, by the first file. */
function unusedProcessSettings([first, ...others]: readonly Document[]): Notice[] {
  const paths = [['log'], ['tracing'], ['clients', 'http']]
  return others.flatMap((document) =>
    paths
      .filter((path) => {
        const value = valueAt(document.value, path)
        return value !== undefined && JSON.stringify(value) !== JSON.stringify(valueAt(first?.value, path))
      })
      .map((path) => {
        const text = `not used: this setting applies to the whole process and is taken from ${first?.file}`
        return { file: document.file, ...document.locate(path), key: path.join('.'), text }
      }),
  )
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((tree, key) => (isTree(tree) ? tree[key] : undefined), value)
}

async function fromProject(document: MergedDocument, env: Environment, options: LoadOptions): Promise<Loaded> {
  const loaded = await loadProject(document, { folder: dirname(document.file), env, options })
  return { mode: 'project', file: document.file, ...loaded, files: [...document.files, ...loaded.files] }
}

function builtInDocument(port: number): Document {
  return { file: 'built-in project', value: defaultDocument(port), locate: () => ({ line: 1, column: 1 }) }
}

/** Loads a project in the format of Ory Network; each service is validated by the schema of its original. */
export async function loadProject(document: Document, from: Pick<Part, 'folder' | 'env' | 'options'>) {
  const whole = withDefaults(plain(projectSchema), document.value)
  refuse(problemsOf(findings(projectSchema, whole), document))
  const { id, slug, name, services, cors_public } = whole as ProjectFile
  const accountExperience = services.account_experience?.config ?? noExperience
  refuse(problemsOf(unreadableThemes(accountExperience), document, ['services', 'account_experience', 'config']))
  const loaded = await loadServices({ ...document, value: whole }, document, from)
  const { config, installation } = mergeOriginals(loaded, loaded[0])
  const notices = noticesOf(unsupportedKeys(plain(projectSchema), document.value), document)
  return {
    dsn: loaded[0]?.dsn,
    project: { id, slug, name },
    files: loaded.flatMap(({ files }) => files),
    notices: [...notices, ...loaded.flatMap((part) => part.notices)],
    installation,
    config: { ...config, corsPublic: cors_public, accountExperience },
  }
}

/** The parts of the originals. What the public URL implies is known once the part of identities is loaded. */
async function loadServices(
  whole: Document,
  document: Document,
  from: Pick<Part, 'folder' | 'env' | 'options'>,
): Promise<LoadedOriginal[]> {
  const partOf = ({ service }: Original): Part => {
    const at = ['services', service, 'config']
    return { document, at, value: serviceConfig(whole, service), ...from }
  }
  const identity = kratos.load(partOf(kratos))
  const baseUrl = publicUrlOf(identity)
  return allParts(
    originals.map(async (original: Original) => {
      if (original === kratos) return identity
      if (!original.impliedBy) return original.load(partOf(original))
      const url = await baseUrl
      const implied = url && URL.canParse(url) ? original.impliedBy(url) : {}
      return original.load({ ...partOf(original), implied })
    }),
  )
}

/** The public URL of the part of identities; undefined if that has mistakes, which are reported there. */
function publicUrlOf(identity: Promise<LoadedOriginal>): Promise<string | undefined> {
  return identity.then(
    ({ config }) => config.identity?.serve.public.base_url,
    () => undefined,
  )
}

const noExperience: AccountExperience = { hide_registration_link: false }

function unreadableThemes(config: AccountExperience): Finding[] {
  return (['theme_variables_light', 'theme_variables_dark'] as const).flatMap((key) => {
    const value = config[key]
    if (!value || themeVariables(value)) return []
    return [{ path: [key], expected: 'CSS variables by name, or the same as JSON', found: 'other text' }]
  })
}

/** Merges the configurations of the originals; settings of the process are taken from `first`. */
function mergeOriginals(parts: readonly LoadedOriginal[], first: LoadedOriginal | undefined) {
  // Each original provides the members that it has declared, so together they provide all members.
  const config = Object.assign(
    { accountExperience: noExperience },
    ...parts.map((part) => part.config),
  ) as ProjectConfig
  const installation = Object.assign(
    {},
    ...parts.map((part) => part.installation),
    first?.process,
  ) as InstallationConfig
  return { config, installation }
}
