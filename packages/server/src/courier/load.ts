import { stat } from 'node:fs/promises'
import { type IdentityConfig, resolveFile } from '../kernel/config/index.ts'
import type { Context } from '../kernel/context.ts'
import { loadBodySnippet, snippetUrl } from '../kernel/jsonnet/body-snippets.ts'
import type { RequestConfig } from './request-body.ts'
import { loadCustomTemplates, type SourceOptions, type TemplateProblem } from './templates/custom.ts'
import type { CustomTemplates } from './templates/types.ts'

type CourierConfig = IdentityConfig['courier']

/** A setting that cannot be used, with the path of its key. */
interface CourierProblem extends Omit<TemplateProblem, 'path'> {
  path: (string | number)[]
}

/** Custom templates, keyed by the configuration that they were loaded for. */
const loaded = new WeakMap<CourierConfig, CustomTemplates>()

/**
 * Loads the files that the courier's configuration references. Call it for every configuration before it is used; a
 * configuration with problems (each has the path of its key) must be rejected.
 */
export async function loadCourier(config: CourierConfig, options: SourceOptions): Promise<CourierProblem[]> {
  const templateFolder =
    config.template_override_path && resolveFile(config.template_override_path, options.folder ?? '.')
  const sources = { ...config, ...(templateFolder && { template_override_path: templateFolder }) }
  const { templates, problems } = await loadCustomTemplates(sources, options)
  loaded.set(config, templates)
  const bodies = await bodyProblems(config, options)
  return [...problems, ...missingRequests(config), ...bodies, ...(await missingFiles(config, templateFolder))]
}

/** The URLs of the snippets that make the bodies of requests. */
export function requestBodyUrls(config: CourierConfig): string[] {
  return requestsOf(config).flatMap(({ request: { body } }) => (body ? [snippetUrl(body)] : []))
}

async function bodyProblems(config: CourierConfig, options: SourceOptions): Promise<CourierProblem[]> {
  const problems: CourierProblem[] = []
  for (const { path, request } of requestsOf(config)) {
    const found = await loadBodySnippet(request, options)
    problems.push(
      ...found.map(({ key, ...problem }) => ({ path: ['courier', ...path, 'request_config', key], ...problem })),
    )
  }
  return problems
}

/** The configured requests, each with the path of its channel. */
function requestsOf({ http, channels }: CourierConfig): { path: (string | number)[]; request: RequestConfig }[] {
  const own = channels.map(({ request_config: request }, index) => ({ path: ['channels', index], request }))
  return [...(http.request_config ? [{ path: ['http'], request: http.request_config }] : []), ...own]
}

/** The project's custom templates, as loaded by `loadCourier`. */
export function customTemplates(ctx: Pick<Context, 'config'>): CustomTemplates {
  const { courier } = ctx.config.identity
  const templates = loaded.get(courier)
  if (!templates && (courier.templates || courier.template_override_path))
    throw new Error('the courier configuration was used before its templates were loaded')
  return templates ?? new Map()
}

function missingRequests({ delivery_strategy, http, channels }: CourierConfig): CourierProblem[] {
  const needed = channels.map(({ id, request_config }, index) => ({
    path: ['channels', index],
    reason: `where messages of the channel ${id} are sent`,
    url: request_config.url,
  }))
  if (delivery_strategy === 'http') {
    const reason = 'where messages are sent, as delivery_strategy is http'
    needed.push({ path: ['http'], reason, url: http.request_config?.url })
  }
  return needed
    .filter(({ url }) => url === undefined)
    .map(({ path, reason }) => ({
      path: ['courier', ...path, 'request_config', 'url'],
      expected: `the URL ${reason}`,
      found: 'none',
    }))
}

/** Configured files and folders that do not exist. */
async function missingFiles({ smtp }: CourierConfig, templates: string | undefined): Promise<CourierProblem[]> {
  const checks = [
    { path: ['template_override_path'], file: templates, isFolder: true },
    { path: ['smtp', 'client_cert_path'], file: smtp.client_cert_path, isFolder: false },
    { path: ['smtp', 'client_key_path'], file: smtp.client_key_path, isFolder: false },
  ]
  const problems = await Promise.all(
    checks.map(async ({ path, file, isFolder }) => {
      if (!file) return []
      const status = await stat(file).catch(() => undefined)
      if (isFolder ? status?.isDirectory() : status?.isFile()) return []
      const what = isFolder ? 'folder' : 'file'
      return [{ path: ['courier', ...path], expected: `an existing ${what}`, found: `no ${what} ${file}` }]
    }),
  )
  return problems.flat()
}
