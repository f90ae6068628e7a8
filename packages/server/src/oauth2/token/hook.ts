import { isTree, type Tree } from '../../kernel/config/walk.ts'
import type { Context } from '../../kernel/context.ts'
import { FetchError } from '../../kernel/fetch.ts'
import type { TokenHook } from '../config/hook.ts'
import { accessDenied, serverError } from '../errors.ts'
import type { Grant } from './grant.ts'

export interface HookedRequest {
  readonly grant: Grant
  readonly form: URLSearchParams
}

/**
 * Lets the configured hooks change the claims of the tokens, or refuse them, as in Hydra: the refresh token hook at
 * refreshes, and the token hook at every grant. Without a hook it costs nothing.
 */
export async function applyTokenHook(ctx: Context, request: HookedRequest): Promise<Grant> {
  const { refresh_token_hook: refreshHook, token_hook: hook } = ctx.config.oauth2.oauth2
  const isRefresh = request.form.get('grant_type') === 'refresh_token'
  const refreshed = isRefresh && refreshHook ? await call(ctx, refreshHook, request, refreshBody) : request.grant
  return hook ? call(ctx, hook, { ...request, grant: refreshed }, tokenBody) : refreshed
}

const maxBytes = 1 << 20

async function call(
  ctx: Context,
  hook: TokenHook,
  request: HookedRequest,
  bodyOf: (ctx: Context, request: HookedRequest) => object,
): Promise<Grant> {
  const { status, text } = await send(ctx, hook, JSON.stringify(bodyOf(ctx, request)))
  if (status === 204) return request.grant
  if (status === 403) throw accessDenied('The token hook refused the request.')
  const session = status === 200 ? sessionIn(text) : undefined
  if (!session) {
    ctx.log.warn({ status }, 'the token hook gave a response that cannot be used')
    throw serverError('The token hook failed.')
  }
  const { access_token: accessClaims, id_token: claims } = session
  const { person, ...grant } = request.grant
  return {
    ...grant,
    accessClaims: isTree(accessClaims) ? accessClaims : {},
    ...(person && { person: { ...person, claims: isTree(claims) ? claims : {} } }),
  }
}

function sessionIn(text: string): Tree | undefined {
  try {
    const body: unknown = JSON.parse(text)
    if (!isTree(body)) return undefined
    return isTree(body.session) ? body.session : {}
  } catch {
    return undefined
  }
}

async function send(ctx: Context, { url, auth }: TokenHook, body: string): Promise<{ status: number; text: string }> {
  const { in: place = 'header', name = '', value = '' } = auth?.config ?? {}
  const credential: Record<string, string> = auth
    ? place === 'cookie'
      ? { cookie: `${name}=${value}` }
      : { [name]: value }
    : {}
  try {
    return await ctx.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=UTF-8', ...credential },
      body,
      maxBytes,
      timeoutMs: 10_000,
      allowPrivate: true,
    })
  } catch (error) {
    if (!(error instanceof FetchError)) throw error
    ctx.log.warn({ err: error }, 'the token hook could not be called')
    throw serverError('The token hook failed.')
  }
}

function tokenBody(ctx: Context, { grant, form }: HookedRequest) {
  const assertion = form.getAll('assertion')
  return {
    session: sessionBody(ctx, grant),
    request: {
      client_id: grant.clientId,
      requested_scopes: grant.requestedScope,
      granted_scopes: grant.scope,
      granted_audience: grant.audience,
      grant_types: form.getAll('grant_type'),
      payload: assertion.length > 0 ? { assertion } : {},
    },
  }
}

function refreshBody(ctx: Context, { grant, form }: HookedRequest) {
  const granted = { client_id: grant.clientId, granted_scopes: grant.scope, granted_audience: grant.audience }
  return {
    subject: grant.subject,
    session: sessionBody(ctx, grant),
    requester: { ...granted, grant_types: form.getAll('grant_type') },
    ...granted,
  }
}

/** The session in Hydra's shape. */
function sessionBody({ config }: Context, { person, ...grant }: Grant) {
  const { oauth2, urls } = config.oauth2
  return {
    id_token: {
      id_token_claims: {
        iss: urls.self.issuer,
        sub: person?.subject ?? '',
        aud: [grant.clientId],
        nonce: person?.nonce ?? '',
        acr: person?.acr ?? '',
        amr: person?.amr ?? [],
        ...(person && { auth_time: timeOf(person.authTime), rat: timeOf(person.requestedAt) }),
        ext: { ...person?.claims, ...(person && { sid: person.sessionId }) },
      },
      headers: { extra: {} },
      username: '',
      subject: grant.subject,
    },
    extra: grant.accessClaims ?? {},
    client_id: grant.clientId,
    consent_challenge: person ? grant.requestId : '',
    exclude_not_before_claim: oauth2.exclude_not_before_claim,
    allowed_top_level_claims: oauth2.allowed_top_level_claims,
    mirror_top_level_claims: oauth2.mirror_top_level_claims,
  }
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
