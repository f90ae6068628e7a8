import { createPublicKey, type JsonWebKeyInput, X509Certificate } from 'node:crypto'
import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import type { Client } from '../clients/client.ts'
import { clientKeys } from '../clients/keys.ts'
import { invalidClient } from '../errors.ts'
import { certificateOf } from './certificate.ts'
import { givenSubject, isCertificateMethod } from './metadata.ts'
import { hasAlternativeName, hasSubject } from './subject.ts'

/**
 * Authenticates a client by the certificate of its connection (RFC 8705, section 2). False if the client has another
 * method. @throws invalid_client
 */
export async function authenticateByCertificate(ctx: Context, call: Call, client: Client): Promise<boolean> {
  const { token_endpoint_auth_method: method } = client.metadata
  if (!isCertificateMethod(method)) return false
  if (!ctx.config.oauth2.oauth2.mtls.enabled) throw invalidClient('Client certificates (oauth2.mtls) are not enabled.')
  const certificate = certificateOf(ctx, call)
  if (!certificate) throw invalidClient('The client has presented no certificate.')
  const isRight =
    method === 'tls_client_auth' ? isOfSubject(ctx, client, certificate) : await isRegistered(ctx, client, certificate)
  if (!isRight) throw invalidClient('The certificate is not that of the client.')
  return true
}

/** Section 2.1 there: issued by a configured authority, valid now, with the subject of the client. */
function isOfSubject({ config, clock }: Context, client: Client, certificate: X509Certificate): boolean {
  const now = clock.now()
  if (Date.parse(certificate.validFrom) > now || Date.parse(certificate.validTo) < now) return false
  const isTrusted = config.oauth2.oauth2.mtls.certificate_authorities.some((pem) => {
    const authority = new X509Certificate(pem)
    return authority.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey)
  })
  const subject = isTrusted ? givenSubject(client.metadata) : undefined
  if (!subject) return false
  if (subject.kind === 'dn') return hasSubject(certificate, subject.value)
  return hasAlternativeName(certificate, subject.kind, subject.value)
}

/** Section 2.2 there: a certificate, or its key, that the client has registered, whoever issued it. */
async function isRegistered(ctx: Context, client: Client, certificate: X509Certificate): Promise<boolean> {
  const matches = async (isFresh: boolean) => {
    const { keys } = await clientKeys(ctx, client, invalidClient, { isFresh })
    return keys.some((key) => isSameCertificate(key, certificate))
  }
  return (await matches(false)) || (client.metadata.jwks_uri ? matches(true) : false)
}

function isSameCertificate(key: object & { x5c?: unknown }, certificate: X509Certificate): boolean {
  if (Array.isArray(key.x5c)) return Buffer.from(String(key.x5c[0]), 'base64').equals(certificate.raw)
  try {
    return createPublicKey({ key, format: 'jwk' } as JsonWebKeyInput).equals(certificate.publicKey)
  } catch {
    return false
  }
}
