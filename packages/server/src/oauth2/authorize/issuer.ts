import type { Context } from '../../kernel/context.ts'

/**
 * `iss` of an authorization response, also of an error (RFC 9207, section 2): a client that talks to several servers
 * sees which one answers.
 */
export function issuerParameter({ config }: Context): { iss?: string } {
  return isEnabled(config) ? { iss: config.oauth2.urls.self.issuer } : {}
}

/** RFC 9207, section 3. */
export function issuerMetadata({ config }: Context): { authorization_response_iss_parameter_supported?: true } {
  return isEnabled(config) ? { authorization_response_iss_parameter_supported: true } : {}
}

function isEnabled({ oauth2 }: Context['config']): boolean {
  return oauth2.oauth2.issuer_in_responses.enabled
}
