import type { Environment } from '../config/index.ts'
import type { Traces } from './otlp.ts'

export type { Traces }

/**
 * Traces by OTLP where the usual variables ask for them (OpenTelemetry's "Environment Variable Specification");
 * undefined otherwise, and then nothing of OpenTelemetry is loaded.
 */
export async function startTraces(env: Environment): Promise<Traces | undefined> {
  const endpoint = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT
  if (!endpoint || env.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || env.OTEL_TRACES_EXPORTER === 'none')
    return undefined
  const { otlpTraces } = await import('./otlp.ts')
  return otlpTraces(env)
}
