import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as openid from 'openid-client'

/** A small application that signs people in with OpenID Connect, as its library documents it. */
export interface RelyingParty {
  readonly origin: string
  close(): void
}

/** Registers the application at a project with the admin token, and starts it. */
export async function startRelyingParty(
  issuer: string,
  { token, client }: { token: string; client: object },
): Promise<RelyingParty> {
  let config: openid.Configuration
  const pending = new Map<string, string>()
  let idToken = ''
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', origin)
    const go = (to: URL) => response.writeHead(303, { location: to.toString() }).end()
    const show = (text: string) =>
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<!doctype html><html lang="en"><title>Tide tables</title><h1>Tide tables</h1><p id="said">${text}</p>`)
    try {
      if (url.pathname === '/sign-in') {
        const verifier = openid.randomPKCECodeVerifier()
        const state = openid.randomState()
        pending.set(state, verifier)
        go(
          openid.buildAuthorizationUrl(config, {
            redirect_uri: `${origin}/callback`,
            scope: 'openid profile email',
            code_challenge: await openid.calculatePKCECodeChallenge(verifier),
            code_challenge_method: 'S256',
            state,
            ...Object.fromEntries(url.searchParams),
          }),
        )
      } else if (url.pathname === '/callback') {
        const state = url.searchParams.get('state') ?? ''
        const pkceCodeVerifier = pending.get(state) ?? ''
        const tokens = await openid.authorizationCodeGrant(config, url, { pkceCodeVerifier, expectedState: state })
        idToken = tokens.id_token ?? ''
        const claims = tokens.claims()
        const userinfo = await openid.fetchUserInfo(config, tokens.access_token, claims?.sub ?? '')
        show(`Welcome ${claims?.email}, ${userinfo.email_verified === true ? 'verified' : 'not verified'}`)
      } else if (url.pathname === '/sign-out') {
        go(
          openid.buildEndSessionUrl(config, {
            id_token_hint: idToken,
            post_logout_redirect_uri: `${origin}/signed-out`,
          }),
        )
      } else show('You are signed out of Tide tables')
    } catch (error) {
      show(`Failed: ${error instanceof openid.AuthorizationResponseError ? error.error : String(error)}`)
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const registered = await fetch(`${issuer}/admin/clients`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Tide tables',
      redirect_uris: [`${origin}/callback`],
      post_logout_redirect_uris: [`${origin}/signed-out`],
      scope: 'openid profile email offline_access',
      ...client,
    }),
  })
  const { client_id: id, client_secret: secret } = (await registered.json()) as Record<string, string>
  config = await openid.discovery(new URL(issuer), id ?? '', secret, openid.ClientSecretBasic(secret ?? ''), {
    execute: [openid.allowInsecureRequests],
  })
  return { origin, close: () => server.close() }
}
