import type { Loaded } from './configuration/index.ts'
import { type Database, projectContext } from './db/index.ts'
import type { Context, Project } from './kernel/context.ts'
import type { Installation } from './kernel/installation.ts'
import type { ProjectConfig } from './kernel/project-config.ts'
import { ensureProject } from './project/index.ts'

/** The projects that this process serves, each with what it runs with. */
export interface Directory {
  /** The project that answers where a host name stands for no other. */
  readonly main: Context
  /** The project a `Host` header stands for; undefined where it names a project that is not served. */
  byHost(host: string | undefined): Context | undefined
  byId(projectId: string): Context | undefined
  all(): readonly Context[]
  /** Serves one more project, made where it is not there yet, under `{slug}.projects.HOST`. */
  add(wanted: Loaded['project'], config: ProjectConfig): Promise<Context>
  /** Takes a new configuration of the main project for the requests that begin from now on. */
  reconfigure(config: ProjectConfig): void
}

export interface DirectoryOptions {
  readonly database: Database
  readonly installation: Installation
}

/** Opens the main project of a configuration. */
export async function openDirectory(
  options: DirectoryOptions,
  loaded: Pick<Loaded, 'project' | 'config'>,
): Promise<Directory> {
  const { database, installation } = options
  const made = (project: Project, config: ProjectConfig): Context =>
    projectContext(database, installation, { project, config })
  let main = made(await ensureProject(database, loaded.project, installation), loaded.config)
  let suffix = projectsSuffix(loaded.config)
  const bySlug = new Map([[main.project.slug, main]])
  const byId = new Map([[main.project.id, main]])
  const keep = (ctx: Context) => {
    bySlug.set(ctx.project.slug, ctx)
    byId.set(ctx.project.id, ctx)
    return ctx
  }
  return {
    get main() {
      return main
    },
    byHost(host) {
      if (host === undefined || !/\.projects\./i.test(host)) return main
      const name = hostName(host)
      return name.endsWith(suffix) ? bySlug.get(name.slice(0, -suffix.length)) : main
    },
    byId: (projectId) => byId.get(projectId),
    all: () => [...byId.values()],
    add: async (wanted, config) => keep(made(await ensureProject(database, wanted, installation), config)),
    reconfigure(config) {
      main = keep(made(main.project, config))
      suffix = projectsSuffix(config)
    },
  }
}

/** What follows a project's slug in its host name: `.projects.` and the host that the configuration names. */
function projectsSuffix(config: ProjectConfig): string {
  const base = config.identity.serve.public.base_url
  return `.projects.${URL.canParse(base) ? new URL(base).hostname : 'localhost'}`
}

/** A `Host` header without its port and a final dot, in lower case (RFC 9110, section 4.2.3). */
function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '')
}
