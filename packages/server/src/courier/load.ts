import type { IdentityConfig } from '../kernel/config/index.ts'
import type { Context } from '../kernel/context.ts'
import { loadCustomTemplates, type SourceOptions, type TemplateProblem } from './templates/custom.ts'
import type { CustomTemplates } from './templates/render.ts'

type CourierConfig = IdentityConfig['courier']

/** Custom templates, keyed by the configuration that they were loaded for. */
const loaded = new WeakMap<CourierConfig, CustomTemplates>()

/**
 * Loads the files that the courier's configuration references. Call it for every configuration before it is used; a
 * configuration with problems (each has the path of its key) must be rejected.
 */
export async function loadCourier(config: CourierConfig, options: SourceOptions): Promise<TemplateProblem[]> {
  const { verifiable_address_changed: _unsupported, ...supported } = config.templates ?? {}
  const { templates, problems } = await loadCustomTemplates({ ...config, templates: supported }, options)
  loaded.set(config, templates)
  return problems
}

/** The project's custom templates, as loaded by `loadCourier`. */
export function customTemplates(ctx: Pick<Context, 'config'>): CustomTemplates {
  const { courier } = ctx.config.identity
  const templates = loaded.get(courier)
  if (!templates && (courier.templates || courier.template_override_path))
    throw new Error('the courier configuration was used before its templates were loaded')
  return templates ?? new Map()
}
