import { isIP } from 'node:net'
import type { OAuth2Client } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { ClientMetadata } from '../clients/client.ts'
import { appendPath } from '../config/urls.ts'
import { invalidClientMetadata } from '../errors.ts'

const methods = ['tls_client_auth', 'self_signed_tls_client_auth'] as const

export function isCertificateMethod(method: string | undefined): method is (typeof methods)[number] {
  return methods.some((one) => one === method)
}

type Kind = 'dn' | 'dns' | 'uri' | 'ip' | 'email'

const members: Readonly<Record<Kind, `tls_client_auth_${string}` & keyof OAuth2Client>> = {
  dn: 'tls_client_auth_subject_dn',
  dns: 'tls_client_auth_san_dns',
  uri: 'tls_client_auth_san_uri',
  ip: 'tls_client_auth_san_ip',
  email: 'tls_client_auth_san_email',
}

/** What the certificate of a client must name. */
export function givenSubject(metadata: ClientMetadata): { kind: Kind; value: string } | undefined {
  return givenSubjects(metadata)[0]
}

function givenSubjects(metadata: ClientMetadata): { kind: Kind; value: string }[] {
  return (Object.keys(members) as Kind[]).flatMap((kind) => {
    const value = metadata[members[kind]]
    return value ? [{ kind, value }] : []
  })
}

/** Checks the metadata of clients with certificates (RFC 8705, sections 2.1.2, 2.2.2 and 3.4). @throws invalid_client_metadata */
export function checkCertificateMetadata({ config }: Context, metadata: ClientMetadata): void {
  const { token_endpoint_auth_method: method, tls_client_certificate_bound_access_tokens: isBound } = metadata
  const { mtls } = config.oauth2.oauth2
  const subjects = givenSubjects(metadata)
  if (!mtls.enabled && (isCertificateMethod(method) || isBound || subjects.length > 0))
    throw invalidClientMetadata('Certificates of clients have no effect until oauth2.mtls is enabled.')
  if (method !== 'tls_client_auth' && subjects.length > 0)
    throw invalidClientMetadata('A tls_client_auth_… member has an effect with the method tls_client_auth only.')
  if (method === 'tls_client_auth') {
    if (subjects.length !== 1)
      throw invalidClientMetadata(`The method tls_client_auth needs one of ${Object.values(members).join(', ')}.`)
    if (mtls.certificate_authorities.length === 0)
      throw invalidClientMetadata('The method tls_client_auth needs oauth2.mtls.certificate_authorities.')
    if (subjects[0]?.kind === 'ip' && !isIP(subjects[0].value))
      throw invalidClientMetadata('The tls_client_auth_san_ip is no IP address.')
  }
  if (method === 'self_signed_tls_client_auth' && !metadata.jwks_uri && !metadata.jwks?.keys?.length)
    throw invalidClientMetadata('The method self_signed_tls_client_auth needs jwks or jwks_uri.')
}

const endpoints = {
  token_endpoint: '/oauth2/token',
  revocation_endpoint: '/oauth2/revoke',
  device_authorization_endpoint: '/oauth2/device/auth',
  userinfo_endpoint: '/userinfo',
}

/** What the server says of client certificates in its metadata (RFC 8705, sections 2.1.1, 3.3 and 5). */
export function certificateMetadata({ config }: Context) {
  const { mtls, pushed_requests: pushed } = config.oauth2.oauth2
  const { enabled, certificate_authorities: authorities, public_url: base } = mtls
  if (!enabled) return { methods: [], members: {} }
  const own = { ...endpoints, ...(pushed.enabled && { pushed_authorization_request_endpoint: '/oauth2/par' }) }
  return {
    methods: methods.filter((method) => method !== 'tls_client_auth' || authorities.length > 0),
    members: {
      tls_client_certificate_bound_access_tokens: true,
      ...(base && {
        mtls_endpoint_aliases: Object.fromEntries(
          Object.entries(own).map(([name, path]) => [name, appendPath(base, path)]),
        ),
      }),
    },
  }
}
