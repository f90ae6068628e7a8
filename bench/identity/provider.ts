import { createSign, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'

const port = 4936
const issuer = `http://127.0.0.1:${port}`

let opened: Promise<void> | undefined

/**
 * An OpenID provider for the measures. A code is the subject that it stands for, and can be exchanged as often as wanted.
 * Its ID tokens are signed once, so that the provider costs as little as possible.
 */
export function openProvider(): Promise<void> {
  opened ??= open()
  return opened
}

async function open(): Promise<void> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const tokens = new Map<string, string>()
  const tokenFor = (sub: string): string => {
    const known = tokens.get(sub)
    if (known) return known
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: issuer, aud: 'bench', sub, iat: now, exp: now + 86_400, email: `${sub}@social.example.org` }
    const input = `${encode({ alg: 'RS256', kid: 'bench', typ: 'JWT' })}.${encode(claims)}`
    const token = `${input}.${createSign('RSA-SHA256').update(input).sign(privateKey, 'base64url')}`
    tokens.set(sub, token)
    return token
  }
  const documents: Record<string, object> = {
    '/.well-known/openid-configuration': {
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      id_token_signing_alg_values_supported: ['RS256'],
    },
    '/keys': { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'bench', alg: 'RS256', use: 'sig' }] },
  }
  const server = createServer(async (request, response) => {
    let form = ''
    for await (const chunk of request) form += chunk
    const idToken = () => ({
      access_token: 'access',
      token_type: 'bearer',
      id_token: tokenFor(new URLSearchParams(form).get('code') ?? ''),
    })
    const answer = documents[request.url ?? ''] ?? (request.url === '/token' ? idToken() : {})
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  server.unref()
}
