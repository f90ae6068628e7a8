import type { Context } from '../context.ts'
import type { CorsSettings } from './cors.ts'

const known = new WeakMap<object, CorsSettings | null>()

/** The CORS settings of the project; undefined if CORS is disabled. */
export function corsSettings(ctx: Context): CorsSettings | undefined {
  let made = known.get(ctx.config)
  if (made === undefined) {
    made = settingsOf(ctx)
    known.set(ctx.config, made)
  }
  return made ?? undefined
}

function settingsOf({ config }: Context): CorsSettings | null {
  if (!config.corsPublic.enabled) return null
  const { cors } = config.identity.serve.public
  return {
    allowedOrigins: config.corsPublic.origins,
    allowedMethods: cors.allowed_methods,
    allowedHeaders: cors.allowed_headers,
    exposedHeaders: cors.exposed_headers,
    allowCredentials: cors.allow_credentials,
    maxAgeSeconds: cors.max_age,
  }
}
