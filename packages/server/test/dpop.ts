import { createHash } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import type { TestAnswer, TestProject } from './app.ts'
import type { TestClient } from './oauth2-flows.ts'

/** A key of a client, and proofs with it (RFC 9449). */
export interface Prover {
  readonly jwk: JWK
  readonly thumbprint: string
  prove(project: TestProject, request: ProofParts): Promise<string>
}

export interface ProofParts {
  readonly method?: string
  readonly path?: string
  readonly accessToken?: string
  /** Members that replace those of the right proof; undefined removes one. */
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
}

let proofs = 0

export async function newProver(algorithm = 'ES256'): Promise<Prover> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true })
  const jwk = await exportJWK(publicKey)
  return {
    jwk,
    thumbprint: await calculateJwkThumbprint(jwk),
    prove({ ctx }, { method = 'POST', path = '/oauth2/token', accessToken, claims, header }) {
      const payload = {
        jti: `proof ${++proofs}`,
        htm: method,
        htu: urlOf({ ctx }, path),
        iat: Math.floor(ctx.clock.now() / 1000),
        ...(accessToken !== undefined && { ath: createHash('sha256').update(accessToken).digest('base64url') }),
        ...claims,
      }
      return new SignJWT(payload)
        .setProtectedHeader({ alg: algorithm, typ: 'dpop+jwt', jwk, ...header })
        .sign(privateKey)
    },
  }
}

/** The URL of a path, as clients know it. */
export function urlOf({ ctx }: Pick<TestProject, 'ctx'>, path: string): string {
  return `${ctx.config.oauth2.urls.self.public.replace(/\/+$/, '')}${path}`
}

export function useDpop({ ctx }: TestProject, settings: object = {}): void {
  Object.assign(ctx.config.oauth2.oauth2.dpop, { enabled: true, ...settings })
}

/** A request to the token endpoint, with a proof or without one. Clients without a secret are public. */
export function tokenRequestWith(
  project: TestProject,
  { client_id, client_secret }: Partial<TestClient>,
  { proof, ...form }: { proof?: string | undefined } & Readonly<Record<string, unknown>>,
): Promise<TestAnswer> {
  const parameters = { client_id, ...(client_secret && { client_secret }), ...form } as Record<string, string>
  return project.call('POST', '/oauth2/token', {
    token: null,
    text: new URLSearchParams(parameters).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...(proof !== undefined && { dpop: proof }) },
  })
}

/** What a resource server is told of a token. */
export async function introspect(project: TestProject, token: string): Promise<TestAnswer['body']> {
  const text = new URLSearchParams({ token }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return (await project.call('POST', '/admin/oauth2/introspect', { text, headers })).body
}
