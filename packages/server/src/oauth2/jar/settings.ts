import type { Context } from '../../kernel/context.ts'
import type { Client } from '../clients/client.ts'

/** Whether a client may not come without a request object that it has signed (RFC 9101, section 10.5). */
export function mustSign({ config }: Pick<Context, 'config'>, { metadata }: Client): boolean {
  return config.oauth2.oauth2.request_objects.required || metadata.require_signed_request_object === true
}

/** The algorithms with which a client may sign its request objects; never `none`. */
export function requestAlgorithms({ config }: Pick<Context, 'config'>, { metadata }: Client): readonly string[] {
  const { algorithms } = config.oauth2.oauth2.request_objects
  const { request_object_signing_alg: own } = metadata
  return own ? algorithms.filter((algorithm) => algorithm === own) : algorithms
}

interface RequestObjectMetadata {
  request_object_signing_alg_values_supported?: string[]
  require_signed_request_object?: true
}

/** RFC 9101, section 10.5. Objects of OpenID Connect may be without a signature, unless one is required. */
export function requestObjectMetadata({ config }: Pick<Context, 'config'>): RequestObjectMetadata {
  const { enabled, required, algorithms } = config.oauth2.oauth2.request_objects
  if (!enabled) return {}
  return {
    request_object_signing_alg_values_supported: required ? [...algorithms] : ['none', ...algorithms],
    ...(required && { require_signed_request_object: true }),
  }
}
