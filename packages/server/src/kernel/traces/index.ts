import type { Environment } from '../config/index.ts'
import type { Traces } from './otlp.ts'

export type { Traces }

/**
 * Exports traces by OTLP if the environment variables of the OpenTelemetry specification enable it. Otherwise returns
 * undefined and loads no OpenTelemetry code.
 */
export async function startTraces(env: Environment): Promise<Traces | undefined> {
  const endpoint = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT
  if (!endpoint || env.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || env.OTEL_TRACES_EXPORTER === 'none')
    return undefined
  const { otlpTraces } = await import('./otlp.ts')
  return otlpTraces(env)
}
