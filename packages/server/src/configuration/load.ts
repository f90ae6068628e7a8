import { dirname, resolve } from 'node:path'
import { withDefaults } from '../kernel/config/defaults.ts'
import { type Document, readDocument } from '../kernel/config/document.ts'
import type { Environment } from '../kernel/config/environment.ts'
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
import type { LoadedOriginal, LoadOptions } from './original.ts'
import { type OriginalName, originals } from './originals/index.ts'
import { type ProjectFile, projectSchema } from './project-schema.ts'

/** A configuration that has been read, checked and completed. */
export interface Loaded {
  readonly mode: 'dev' | 'project' | 'drop-in'
  /** In drop-in mode those whose listeners are opened. */
  readonly originals?: readonly OriginalName[]
  /** The file it came from; none for the built-in project. */
  readonly file?: string
  /** From the file or `DSN`; the command line may name another. */
  readonly dsn?: string
  readonly project: { readonly id?: string; readonly slug: string; readonly name: string }
  readonly config: ProjectConfig
  readonly installation: InstallationConfig
  /** Files to watch: the configuration itself and what it names beside it. A folder ends with a slash. */
  readonly files: readonly string[]
  /** What it asks for and does not get. */
  readonly notices: readonly Notice[]
}

type Documents = Partial<Record<OriginalName, Document>>

/**
 * Loads the configuration files of the originals that one process takes the place of.
 * @throws ConfigError with every problem, its file, line and key.
 */
export async function loadOriginals(
  files: Partial<Record<OriginalName, string>>,
  env: Environment,
  options: LoadOptions = {},
): Promise<Loaded> {
  const documents = await allParts(
    originals.flatMap(({ name }) => {
      const path = files[name]
      return path === undefined ? [] : [readDocument(path).then((document) => [name, document] as const)]
    }),
  )
  return fromOriginals(Object.fromEntries(documents), env, options)
}

/**
 * Loads a file of any type, which its keys tell.
 * @throws ConfigError with every problem, its file, line and key.
 */
export async function loadFile(path: string, env: Environment, options: LoadOptions = {}): Promise<Loaded> {
  const document = await readDocument(path)
  const type = detectFileType(document.value)
  return type === 'project' ? fromProject(document, env, options) : fromOriginals({ [type]: document }, env, options)
}

/**
 * Loads a project file in Ory Network's shape; environment variables reach the `config` of each original's service.
 * @throws ConfigError with every problem, its file, line and key.
 */
export async function loadProjectFile(path: string, env: Environment, options: LoadOptions = {}): Promise<Loaded> {
  return fromProject(await readDocument(path), env, options)
}

/** The built-in project: people with an e-mail address and a name, pages under `/ui/`, mail kept in the mailbox. */
export async function defaultProject(
  settings: { port: number; mode: 'dev' },
  env: Environment = {},
  options: LoadOptions = {},
): Promise<Loaded> {
  const document = builtInDocument(settings.port)
  return { mode: settings.mode, ...(await loadProject(document, { folder: resolve('.'), env, options })) }
}

/** Where an original has no file, its part of the built-in project stands in for it, and no variable reaches that. */
async function fromOriginals(documents: Documents, env: Environment, options: LoadOptions): Promise<Loaded> {
  const builtIn = builtInDocument(4433)
  const partOf = ({ name, service }: (typeof originals)[number]): Part => {
    const document = documents[name]
    if (!document)
      return { document: builtIn, at: [], value: serviceConfig(builtIn, service), env: {}, folder: '.', options }
    return { document, at: [], value: document.value, env, folder: dirname(document.file), options }
  }
  const loaded = await allParts(
    originals.map(async (original) => [original.name, await original.load(partOf(original))] as const),
  )
  const present = loaded.flatMap(([name, part]) => {
    const document = documents[name]
    return document ? [{ name, document, part }] : []
  })
  refuseSeveralDatabases(present)
  return {
    mode: 'drop-in',
    originals: present.map(({ name }) => name),
    file: present[0]?.document.file,
    dsn: present.find(({ part }) => part.dsn !== undefined)?.part.dsn,
    project: { slug: 'default', name: 'Latchkey' },
    ...mergeOriginals(
      loaded.map(([, part]) => part),
      present[0]?.part,
    ),
    files: [...present.map(({ document }) => document.file), ...loaded.flatMap(([, { files }]) => files)],
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

/** One process has one database, so files that name several need somebody to say which. */
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

/** A process has one log, one destination of traces and one rule for outgoing requests: as the first file says. */
function unusedProcessSettings([first, ...others]: readonly Document[]): Notice[] {
  const paths = [['log'], ['tracing'], ['clients', 'http']]
  return others.flatMap((document) =>
    paths
      .filter((path) => {
        const value = valueAt(document.value, path)
        return value !== undefined && JSON.stringify(value) !== JSON.stringify(valueAt(first?.value, path))
      })
      .map((path) => {
        const text = `not used: the process has this once, as ${first?.file} says`
        return { file: document.file, ...document.locate(path), key: path.join('.'), text }
      }),
  )
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((tree, key) => (isTree(tree) ? tree[key] : undefined), value)
}

async function fromProject(document: Document, env: Environment, options: LoadOptions): Promise<Loaded> {
  const loaded = await loadProject(document, { folder: dirname(document.file), env, options })
  return { mode: 'project', file: document.file, ...loaded, files: [document.file, ...loaded.files] }
}

function builtInDocument(port: number): Document {
  return { file: 'built-in project', value: defaultDocument(port), locate: () => ({ line: 1, column: 1 }) }
}

/** Loads a project in Ory Network's shape, each original's part by its own schema. */
export async function loadProject(document: Document, from: Pick<Part, 'folder' | 'env' | 'options'>) {
  const whole = withDefaults(plain(projectSchema), document.value)
  refuse(problemsOf(findings(projectSchema, whole), document))
  const { id, slug, name, services, cors_public } = whole as ProjectFile
  const accountExperience = services.account_experience?.config ?? noExperience
  refuse(problemsOf(unreadableThemes(accountExperience), document, ['services', 'account_experience', 'config']))
  const loaded = await allParts(
    originals.map(({ service, load }) => {
      const at = ['services', service, 'config']
      return load({ document, at, value: serviceConfig({ ...document, value: whole }, service), ...from })
    }),
  )
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

const noExperience: AccountExperience = { hide_registration_link: false }

function unreadableThemes(config: AccountExperience): Finding[] {
  return (['theme_variables_light', 'theme_variables_dark'] as const).flatMap((key) => {
    const value = config[key]
    if (!value || themeVariables(value)) return []
    return [{ path: [key], expected: 'CSS variables by name, or the same as JSON', found: 'other text' }]
  })
}

/** Joins what the originals say; what a process has once is as `first` says. */
function mergeOriginals(parts: readonly LoadedOriginal[], first: LoadedOriginal | undefined) {
  // Each original fills the members that it has declared, so all of them together fill every one.
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
