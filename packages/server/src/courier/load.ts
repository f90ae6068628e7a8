import type { IdentityConfig } from '../kernel/config/index.ts'
import type { Context } from '../kernel/context.ts'
import { loadCustomTemplates, type SourceOptions, type TemplateProblem } from './templates/custom.ts'
import type { CustomTemplates } from './templates/render.ts'

type CourierConfig = IdentityConfig['courier']

/** Custom templates by the configuration that they were loaded for. */
const loaded = new WeakMap<CourierConfig, CustomTemplates>()

/**
 * Reads what the courier's configuration points to. Call it for every
 * configuration before it is used; problems (with the path of their key) mean that it is to be refused.
 */
export async function loadCourier(config: CourierConfig, options: SourceOptions): Promise<TemplateProblem[]> {
  const { templates, problems } = await loadCustomTemplates(config, options)
  loaded.set(config, templates)
  return problems
}

/** The custom templates of the project, which `loadCourier` has read. */
export function customTemplates(ctx: Pick<Context, 'config'>): CustomTemplates {
  const { courier } = ctx.config.identity
  const templates = loaded.get(courier)
  if (!templates && (courier.templates || courier.template_override_path))
    throw new Error('the courier configuration was put to use before its templates were loaded')
  return templates ?? new Map()
}
