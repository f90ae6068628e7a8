import { ROOT_CONTEXT, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base'
import type { Environment } from '../config/index.ts'
import type { Call, Observer } from '../http/index.ts'
import { version } from '../version.ts'

export interface Traces {
  readonly observe: Observer
  /** Flushes pending spans. */
  close(): Promise<void>
}

/** A span per request, as a child of the caller's span if there is one (W3C Trace Context), exported in batches. */
export function otlpTraces(env: Environment): Traces {
  const exporter = new OTLPTraceExporter({
    url: address(env),
    headers: pairs(env.OTEL_EXPORTER_OTLP_TRACES_HEADERS || env.OTEL_EXPORTER_OTLP_HEADERS),
  })
  const provider = new BasicTracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({
        ...pairs(env.OTEL_RESOURCE_ATTRIBUTES),
        'service.name': env.OTEL_SERVICE_NAME || 'latchkey',
        'service.version': version,
      }),
    ),
    spanProcessors: [new BatchSpanProcessor(exporter)],
    ...samplerOf(env),
  })
  const tracer = provider.getTracer('latchkey', version)
  const propagator = new W3CTraceContextPropagator()
  return {
    observe({ route, call, ctx, method, status, durationMs }) {
      const endedAt = Date.now()
      const parent = call ? propagator.extract(ROOT_CONTEXT, call, headerOf) : ROOT_CONTEXT
      const options = { kind: SpanKind.SERVER, startTime: new Date(endedAt - durationMs) }
      const span = tracer.startSpan(route ? `${method} ${route.path}` : method, options, parent)
      // Attribute names of the HTTP semantic conventions; queries can contain secrets and are omitted.
      span.setAttributes({
        'http.request.method': method,
        'http.response.status_code': status,
        ...(route && { 'http.route': route.path }),
        ...(route && call && { 'url.path': call.path }),
        ...(ctx && { 'latchkey.project': ctx.project.slug }),
      })
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end(new Date(endedAt))
    },
    close: () => provider.shutdown(),
  }
}

const headerOf = {
  get: (call: Pick<Call, 'header'>, key: string) => call.header(key),
  keys: () => ['traceparent', 'tracestate'],
}

/** The endpoint for traces is used unchanged; `/v1/traces` is appended to the common endpoint (OTLP exporter specification). */
function address(env: Environment): string {
  const own = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT
  return own || `${(env.OTEL_EXPORTER_OTLP_ENDPOINT ?? '').replace(/\/+$/, '')}/v1/traces`
}

/** `name=value,name=value`, values percent-encoded. */
function pairs(text = ''): Record<string, string> {
  const found = text.split(',').flatMap((pair) => {
    const at = pair.indexOf('=')
    return at > 0 ? [[pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())] as const] : []
  })
  return Object.fromEntries(found)
}

/** Samples all spans unless a ratio is configured. */
function samplerOf(env: Environment) {
  const ratio = Number(env.OTEL_TRACES_SAMPLER_ARG)
  if (!/^(parentbased_)?traceidratio$/.test(env.OTEL_TRACES_SAMPLER ?? '') || !(ratio >= 0 && ratio <= 1)) return {}
  const root = new TraceIdRatioBasedSampler(ratio)
  return { sampler: env.OTEL_TRACES_SAMPLER?.startsWith('parentbased') ? new ParentBasedSampler({ root }) : root }
}
