import { call } from '../call.ts'
import type { Credentials, Stage } from './measures.ts'

const tokenCount = 32

/** Creates the clients with secrets that the server generates, and gets tokens. */
export async function prepare([open, admin]: [string, string]): Promise<Stage> {
  const opaque = await createClient(admin, 'opaque')
  const tokens: string[] = []
  for (let count = 0; count < tokenCount; count++) tokens.push(await tokenOf(open, opaque))
  return { public: open, admin, opaque, jwt: await createClient(admin, 'jwt'), tokens }
}

async function createClient(admin: string, accessTokenStrategy: 'opaque' | 'jwt'): Promise<Credentials> {
  const metadata = { grant_types: ['client_credentials'], scope: 'read', access_token_strategy: accessTokenStrategy }
  const { client_id: id, client_secret: secret } = await call(admin, 'POST', '/admin/clients', metadata)
  return { id, secret }
}

async function tokenOf(open: string, { id, secret }: Credentials): Promise<string> {
  const answer = await fetch(`${open}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${encodeURIComponent(secret)}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'read' }),
  })
  const { access_token } = (await answer.json()) as { access_token?: string }
  if (!access_token) throw new Error(`${open} issued no token: ${answer.status}`)
  return access_token
}
