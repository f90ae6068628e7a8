import type { Document } from '../kernel/config/document.ts'
import { isTree, type Tree } from '../kernel/config/walk.ts'
import type { ProjectConfig } from '../kernel/project-config.ts'
import { loadProject } from './load.ts'
import type { LoadOptions } from './original.ts'

/**
 * Loads the configuration of a project from its stored document. Environment variables do not apply to it, and it cannot
 * reference files.
 * @throws ConfigError
 */
export async function loadStoredProject(
  { slug, name }: { slug: string; name: string },
  { value, mainBaseUrl }: { value: unknown; mainBaseUrl: string },
  options: LoadOptions = {},
): Promise<ProjectConfig> {
  const document: Document = {
    file: `project ${slug}`,
    value: isTree(value) ? withBaseUrl({ ...value, slug, name }, baseUrlOf(slug, mainBaseUrl)) : value,
    locate: () => ({ line: 1, column: 1 }),
  }
  const { config } = await loadProject(document, { folder: undefined, env: {}, options })
  return config
}

/** The default host name of a project is `{slug}.projects.HOST`. */
function withBaseUrl(project: Tree, baseUrl: string): Tree {
  const change = (tree: unknown, [key, ...rest]: readonly string[], value: string): Tree => {
    const copy = isTree(tree) ? { ...tree } : {}
    if (key !== undefined) copy[key] = rest.length > 0 ? change(copy[key], rest, value) : (copy[key] ?? value)
    return copy
  }
  const serve = ['services', 'identity', 'config', 'serve']
  return change(change(project, [...serve, 'public', 'base_url'], baseUrl), [...serve, 'admin', 'base_url'], baseUrl)
}

function baseUrlOf(slug: string, mainBaseUrl: string): string {
  const url = new URL(URL.canParse(mainBaseUrl) ? mainBaseUrl : 'http://localhost/')
  url.hostname = `${slug}.projects.${url.hostname}`
  return url.toString()
}
