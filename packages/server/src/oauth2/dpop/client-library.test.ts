import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type TestProject } from '../../../test/app.ts'
import { introspect, useDpop } from '../../../test/dpop.ts'
import { accept, agree, browserAt, callback, createClient, locationOf, routes } from '../../../test/oauth2-flows.ts'

/** Requests of the library, answered without a network. */
function fetchFrom(project: TestProject): typeof fetch {
  return async (input, init = {}) => {
    const { pathname, search } = new URL(String(input))
    const answer = await project.call((init.method ?? 'GET') as 'GET' | 'POST', `${pathname}${search}`, {
      token: null,
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(init.body && { text: String(init.body) }),
    })
    const headers = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)])
    return new Response(JSON.stringify(answer.body), { status: answer.status, headers })
  }
}

describe('the client library oauth4webapi', () => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  beforeAll(async () => {
    app = await openTestApp('memory', routes)
  })
  afterAll(() => app.close())

  test.each([false, true])('gets, uses and refreshes bound tokens (nonces required: %s)', async (nonceRequired) => {
    app.clock.advance(Date.now() - app.clock.now())
    const project = await app.project()
    useDpop(project, { nonce_required: nonceRequired })
    const { client_id } = await createClient(project, {
      token_endpoint_auth_method: 'none',
      dpop_bound_access_tokens: true,
    })
    const http = { [oauth.allowInsecureRequests]: true, [oauth.customFetch]: fetchFrom(project) }
    const issuer = new URL(project.ctx.config.oauth2.urls.self.issuer)
    const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, http))
    const client: oauth.Client = { client_id }
    const pair = await oauth.generateKeyPair('ES256')
    const DPoP = oauth.DPoP(client, pair)

    const verifier = oauth.generateRandomCodeVerifier()
    const state = oauth.generateRandomState()
    const browser = browserAt(project)
    const query = new URLSearchParams({
      ...{ client_id, state, redirect_uri: callback, response_type: 'code', scope: 'openid offline_access' },
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      dpop_jkt: await DPoP.calculateThumbprint(),
    })
    const login = locationOf(await browser.get(`${server.authorization_endpoint}?${query}`)).searchParams
    const { body } = await accept(project, 'login', login.get('login_challenge') ?? '', { subject: 'ada' })
    const end = await agree(project, browser, { url: body.redirect_to, consent: {} })
    const parameters = oauth.validateAuthResponse(server, client, end, state)

    const again = async <T>(run: () => Promise<T>): Promise<T> =>
      run().catch((error) => {
        if (nonceRequired && oauth.isDPoPNonceError(error)) return run()
        throw error
      })
    const tokens = await again(async () =>
      oauth.processAuthorizationCodeResponse(
        server,
        client,
        await oauth.authorizationCodeGrantRequest(server, client, oauth.None(), parameters, callback, verifier, {
          DPoP,
          ...http,
        }),
      ),
    )
    expect(tokens.token_type).toBe('dpop')
    const person = await again(async () =>
      oauth.processUserInfoResponse(
        server,
        client,
        'ada',
        await oauth.userInfoRequest(server, client, tokens.access_token, { DPoP, ...http }),
      ),
    )
    expect(person.sub).toBe('ada')
    const refreshed = await oauth.processRefreshTokenResponse(
      server,
      client,
      await oauth.refreshTokenGrantRequest(server, client, oauth.None(), tokens.refresh_token ?? '', { DPoP, ...http }),
    )
    expect((await introspect(project, refreshed.access_token)).cnf).toEqual({ jkt: await DPoP.calculateThumbprint() })
  })
})
