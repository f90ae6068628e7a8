import { LRUCache } from 'lru-cache'
import { type Database, projectContext } from '../db/index.ts'
import type { Context, Project } from '../kernel/context.ts'
import type { MaybeLoaded } from '../kernel/context-lookup.ts'
import type { Installation } from '../kernel/installation.ts'
import type { ProjectConfig } from '../kernel/project-config.ts'
import { UnavailableError } from '../kernel/unavailable.ts'
import { findConfigDocument, saveConfigDocument } from './config-store.ts'
import { ensureProject, findProjectById, findProjectBySlug } from './store.ts'

declare module '../kernel/notify.ts' {
  interface Topics {
    /** A project was created or its configuration was changed. */
    project: { id: string; slug: string }
  }
}

export interface WantedProject {
  readonly id?: string
  readonly slug: string
  readonly name: string
}

/** The projects served by this process, loaded on demand and evicted when the cache is full. */
/** The project that files describe. */
interface DefaultProject {
  readonly project: WantedProject
  readonly config: ProjectConfig
}

export interface ProjectRegistry {
  /** The default project, for hosts that belong to no other project. It is configured by files and always loaded. */
  readonly main: Context
  /** The project of a `Host` header; undefined if the host names a project that does not exist. */
  byHost(host: string | undefined): MaybeLoaded
  byId(projectId: string): MaybeLoaded
  /**
   * Creates a project or changes the configuration of the existing one with this slug, for all processes.
   * @throws ConfigError if the document is invalid; nothing is changed then.
   */
  save(wanted: WantedProject, document: object): Promise<Context>
  /** Replaces the name and the configuration of the default project for subsequent requests. */
  reconfigure(changed: DefaultProject): void
  close(): void
}

export interface RegistryOptions {
  readonly database: Database
  readonly installation: Installation
  readonly main: DefaultProject
  /**
   * Builds a project's configuration from its stored document.
   * @throws ConfigError
   */
  readonly loadConfig: (project: Omit<Project, 'id'>, document: unknown) => Promise<ProjectConfig>
  /** The maximum number of loaded projects besides the default project; 1,000 by default. */
  readonly mostLoaded?: number
}

const usuallyLoaded = 1000
/** How long failed look-ups are cached, so that probing for projects does not reach the database. */
const missingMs = 5000
const mostMissing = 10_000

/** Opens the registry with the default project of the installation. */
export async function openRegistry(options: RegistryOptions): Promise<ProjectRegistry> {
  const { database, installation } = options
  const main = await ensureProject(database, options.main.project, installation)
  return new Registry(options, projectContext(database, installation, { project: main, config: options.main.config }))
}

/** Why a look-up yields no project: it does not exist or could not be loaded. */
interface Missing {
  readonly error?: Error
}

class Registry implements ProjectRegistry {
  readonly #options: RegistryOptions
  readonly #unsubscribe: () => void
  readonly #loaded: LRUCache<string, Context>
  readonly #idBySlug = new Map<string, string>()
  /** Evicted projects that may still be in use; their contexts are reused. */
  readonly #dropped = new Map<string, WeakRef<Context>>()
  readonly #missing = new LRUCache<string, Missing>({ max: mostMissing, ttl: missingMs })
  readonly #loading = new Map<string, Promise<Context | undefined>>()
  /** Incremented with every change notification, so that configurations read earlier are read again. */
  #generation = 0
  #main: Context
  #suffix: string

  constructor(options: RegistryOptions, main: Context) {
    this.#options = options
    this.#main = main
    this.#suffix = projectsSuffix(main.config)
    this.#loaded = new LRUCache({
      max: options.mostLoaded ?? usuallyLoaded,
      dispose: (ctx, id, reason) => this.#disposed(ctx, { id, evicted: reason === 'evict' }),
    })
    this.#unsubscribe = options.installation.notifier.subscribe('project', (message) => this.#changed(message))
  }

  get main(): Context {
    return this.#main
  }

  byHost(host: string | undefined): MaybeLoaded {
    if (host === undefined || !/\.projects\./i.test(host)) return this.#main
    const name = hostName(host)
    if (!name.endsWith(this.#suffix)) return this.#main
    const slug = name.slice(0, -this.#suffix.length)
    if (slug === this.#main.project.slug) return this.#main
    const id = this.#idBySlug.get(slug)
    const loaded = id === undefined ? undefined : this.#loaded.get(id)
    return loaded ?? this.#load(`slug ${slug}`, () => findProjectBySlug(this.#database, slug))
  }

  byId(projectId: string): MaybeLoaded {
    if (projectId === this.#main.project.id) return this.#main
    return (
      this.#loaded.get(projectId) ?? this.#load(`id ${projectId}`, () => findProjectById(this.#database, projectId))
    )
  }

  async save(wanted: WantedProject, document: object): Promise<Context> {
    const { database, installation, loadConfig } = this.#options
    if (wanted.slug === this.#main.project.slug) throw new Error('the default project is configured by its files')
    const config = await loadConfig(wanted, document)
    const project = await ensureProject(database, wanted, installation)
    await saveConfigDocument(database.project(project.id), { document, now: installation.clock.now() })
    installation.notifier.publish('project', { id: project.id, slug: project.slug })
    return this.#keep(project, config)
  }

  reconfigure({ project, config }: DefaultProject): void {
    const { database, installation } = this.#options
    const renamed = { ...this.#main.project, name: project.name }
    this.#main = projectContext(database, installation, { project: renamed, config })
    this.#suffix = projectsSuffix(config)
  }

  close(): void {
    this.#unsubscribe()
  }

  get #database(): Database {
    return this.#options.database
  }

  /** Loads a project once for any number of concurrent callers (single flight). */
  #load(key: string, find: () => Promise<Project | undefined>): MaybeLoaded {
    const missing = this.#missing.get(key)
    if (missing?.error) return Promise.reject(missing.error)
    if (missing) return undefined
    const already = this.#loading.get(key)
    if (already) return already
    const generation = this.#generation
    const remember = (found: Missing) => {
      if (generation === this.#generation) this.#missing.set(key, found)
    }
    const loading = this.#find(find)
      .then(
        (ctx) => {
          if (!ctx) remember({})
          return ctx
        },
        (error: Error) => {
          // The database is asked again at once: it may be back.
          if (!(error instanceof UnavailableError)) remember({ error })
          throw error
        },
      )
      .finally(() => this.#loading.delete(key))
    this.#loading.set(key, loading)
    return loading
  }

  async #find(find: () => Promise<Project | undefined>): Promise<Context | undefined> {
    const generation = this.#generation
    const project = await find()
    if (!project) return undefined
    if (project.id === this.#main.project.id) return this.#main
    const inUse = this.#loaded.get(project.id) ?? this.#dropped.get(project.id)?.deref()
    if (inUse) return this.#put(inUse)
    const document = await findConfigDocument(this.#database.project(project.id))
    // The project belongs to another installation on the same database and is configured by its files.
    if (document === undefined) return undefined
    const config = await this.#options.loadConfig(project, document)
    return generation === this.#generation ? this.#keep(project, config) : this.#find(find)
  }

  #keep(project: Project, config: ProjectConfig): Context {
    const { database, installation } = this.#options
    return this.#put(projectContext(database, installation, { project, config }))
  }

  #put(ctx: Context): Context {
    const { id, slug } = ctx.project
    this.#dropped.delete(id)
    this.#loaded.set(id, ctx)
    this.#idBySlug.set(slug, id)
    return ctx
  }

  #disposed(ctx: Context, { id, evicted }: { id: string; evicted: boolean }): void {
    this.#idBySlug.delete(ctx.project.slug)
    if (!evicted) return
    this.#dropped.set(id, new WeakRef(ctx))
    for (const [dropped, ref] of this.#dropped) if (!ref.deref()) this.#dropped.delete(dropped)
  }

  /** A notification without a payload means that anything may have changed. */
  #changed(message: { id: string; slug: string } | undefined): void {
    this.#generation++
    if (message === undefined) {
      this.#loaded.clear()
      this.#dropped.clear()
      this.#missing.clear()
      return
    }
    this.#loaded.delete(message.id)
    this.#dropped.delete(message.id)
    this.#missing.delete(`id ${message.id}`)
    this.#missing.delete(`slug ${message.slug}`)
  }
}

/** The suffix that follows a project's slug in its host name: `.projects.` and the configured host. */
function projectsSuffix(config: ProjectConfig): string {
  const base = config.identity.serve.public.base_url
  return `.projects.${URL.canParse(base) ? new URL(base).hostname : 'localhost'}`
}

/** Normalizes a `Host` header: no port, no trailing dot, lower case (RFC 9110, section 4.2.3). */
function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '')
}
