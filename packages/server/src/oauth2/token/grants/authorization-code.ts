import { hash } from 'node:crypto'
import type { Context } from '../../../kernel/context.ts'
import { sameText } from '../../../kernel/keys.ts'
import { checkCodeChallenge } from '../../authorize/pkce.ts'
import { grantTypesOf } from '../../clients/client.ts'
import { invalidGrant, unauthorizedClient } from '../../errors.ts'
import { narrowedAudience } from '../../resources.ts'
import { bindGrant } from '../confirmation.ts'
import type { Grant } from '../grant.ts'
import { applyTokenHook } from '../hook.ts'
import { hashOfToken, openWithToken } from '../opaque.ts'
import { deleteFamily, findCode, redeemCode } from '../store.ts'
import { type IssuedTokens, issueTokens, storeTokens } from '../tokens.ts'
import type { GrantHandler, TokenRequest } from './handler.ts'

/** What an authorization code stands for. */
export interface AuthorizedCode {
  readonly grant: Grant
  /** As the request had it; empty if it had none. */
  readonly redirectUri: string
  readonly codeChallenge: string
  readonly codeChallengeMethod: string
  /** The thumbprint of the only key that may redeem it (RFC 9449, section 10). */
  readonly dpopKey?: string
  /** Whether the response had tokens beside the code; then ID tokens name the code. */
  readonly isHybrid: boolean
}

/** RFC 6749, section 4.1.3. */
export const authorizationCode: GrantHandler = {
  grantType: 'authorization_code',
  handle: async (ctx, request) => {
    const { client, form, confirmation } = request
    if (!grantTypesOf(client).includes('authorization_code'))
      throw unauthorizedClient('The client is not allowed to use the grant "authorization_code".')
    const { codeHash, code } = await requireCode(ctx, request)
    const grant = await applyTokenHook(ctx, {
      grant: bindGrant({ ...code.grant, generation: client.tokenGeneration, issuedAt: ctx.clock.now() }, confirmation),
      form,
    })
    const issued = await issueTokens(ctx, client, {
      grant,
      audience: narrowedAudience(ctx, form, grant.audience),
      by: 'authorization_code',
      ...(code.isHybrid && { code: form.get('code') ?? '' }),
    })
    await redeem(ctx, { codeHash, issued, grant })
    return issued.response
  },
}

async function requireCode(
  ctx: Context,
  { client, form, confirmation }: TokenRequest,
): Promise<{ codeHash: string; code: AuthorizedCode }> {
  const text = form.get('code') ?? ''
  const codeHash = hashOfToken(text)
  const row = codeHash === undefined ? undefined : await findCode(ctx, codeHash)
  if (!row || codeHash === undefined) throw invalidGrant('The code is not valid.')
  if (row.used_at !== null) {
    await deleteFamily(ctx, row.request_id)
    throw usedCode()
  }
  if (row.expires_at <= ctx.clock.now()) throw invalidGrant('The code has expired.')
  if (row.client_id !== client.id) throw invalidGrant('The code was issued to another client.')
  const code = openWithToken<AuthorizedCode>(text, row.sealed_data)
  if (code.redirectUri !== '' && code.redirectUri !== form.get('redirect_uri'))
    throw invalidGrant('The redirect_uri is not that of the authorization request.')
  if (code.dpopKey !== undefined && code.dpopKey !== confirmation?.jkt)
    throw invalidGrant('The code is bound to a key that the request does not prove.')
  try {
    checkVerifier(ctx, { client, form }, code)
  } catch (error) {
    // Nobody can try several verifiers with one code.
    if (code.codeChallenge !== '') await redeemCode(ctx, codeHash)
    throw error
  }
  return { codeHash, code }
}

function usedCode() {
  return invalidGrant('The code was used before. The tokens that it led to are revoked.')
}

/** RFC 7636, section 4.6. */
function checkVerifier(
  ctx: Context,
  { client, form }: Pick<TokenRequest, 'client' | 'form'>,
  code: AuthorizedCode,
): void {
  const verifier = form.get('code_verifier') ?? ''
  const { codeChallenge: challenge, codeChallengeMethod: method } = code
  if (challenge === '' && verifier !== '')
    throw invalidGrant('The authorization request had no code_challenge for this code_verifier.')
  checkCodeChallenge(ctx, client, { challenge, method })
  if (challenge === '') return
  if (!/^[\w.~-]{43,128}$/.test(verifier))
    throw invalidGrant('The code_verifier must have 43 to 128 characters: letters, digits, and -._~')
  if (!sameText(hash('sha256', verifier, 'base64url'), challenge))
    throw invalidGrant('The code_verifier does not belong to the code_challenge.')
}

/** Of any number of simultaneous redemptions exactly one wins; a later one revokes what the first one led to. */
async function redeem(
  ctx: Context,
  { codeHash, issued, grant }: { codeHash: string; issued: IssuedTokens; grant: Grant },
): Promise<void> {
  const isFirst = await ctx.transaction(async (tx) => {
    if (!(await redeemCode(tx, codeHash))) return false
    await storeTokens(tx, issued, grant)
    return true
  })
  if (isFirst) return
  await deleteFamily(ctx, grant.requestId)
  throw usedCode()
}
