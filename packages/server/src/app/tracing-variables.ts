import type { Environment, InstallationConfig } from '../configuration/index.ts'

/**
 * The `tracing` of a configuration file as OpenTelemetry's variables; those that are set go before it. Only OTLP over HTTP
 * is spoken, so that nothing comes of another provider.
 */
export function tracingVariables(tracing: InstallationConfig['tracing']): Environment {
  const { server_url: server, insecure, sampling, authorization_header: authorization } = tracing?.providers?.otlp ?? {}
  if (tracing?.provider !== 'otel' || !server) return {}
  const origin = /^https?:\/\//.test(server) ? server : `${insecure ? 'http' : 'https'}://${server}`
  const { service_name: service, deployment_environment: environment } = tracing
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: origin,
    ...(authorization && { OTEL_EXPORTER_OTLP_HEADERS: `authorization=${encodeURIComponent(authorization)}` }),
    ...(service && { OTEL_SERVICE_NAME: service }),
    ...(environment && { OTEL_RESOURCE_ATTRIBUTES: `deployment.environment=${encodeURIComponent(environment)}` }),
    ...(sampling?.sampling_ratio !== undefined && {
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: String(sampling.sampling_ratio),
    }),
  }
}
