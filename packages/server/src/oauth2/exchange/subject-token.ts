import type { Context } from '../../kernel/context.ts'
import { invalidRequest } from '../errors.ts'
import type { TokenRequest } from '../token/grants/handler.ts'
import { type ActiveToken, findActiveAccessToken } from '../token/introspect.ts'
import { accessTokenType } from './types.ts'

/**
 * The access token of whom the new token is for. The client is the one that it was issued to, or one that it is meant
 * for: whoever else holds a token, by theft or by mistake, gets nothing for it.
 * @throws invalid_request (RFC 8693, section 2.2.2)
 */
export async function requireSubjectToken(ctx: Context, request: TokenRequest): Promise<ActiveToken> {
  const { client, form, confirmation } = request
  const found = await findToken(ctx, form, 'subject')
  if (!found) throw invalidRequest('The subject_token is missing.')
  const { grant } = found
  const isOwn = grant.clientId === client.id
  if (!isOwn && !grant.audience.includes(client.id))
    throw invalidRequest('The subject_token was neither issued to the client nor is the client one of its audience.')
  const isProven =
    grant.confirmation?.jkt === confirmation?.jkt && grant.confirmation?.['x5t#S256'] === confirmation?.['x5t#S256']
  if (isOwn && grant.confirmation && !isProven)
    throw invalidRequest('The subject_token is bound to a key that the request does not prove.')
  return found
}

/** The token of a parameter with its type; undefined if there is neither. @throws invalid_request */
export async function findToken(
  ctx: Context,
  form: URLSearchParams,
  whose: 'subject' | 'actor',
): Promise<ActiveToken | undefined> {
  const [token, type] = [form.get(`${whose}_token`) ?? '', form.get(`${whose}_token_type`) ?? '']
  if (token === '' && type === '') return undefined
  if (type !== accessTokenType) throw invalidRequest(`The ${whose}_token_type must be ${accessTokenType}.`)
  const found = await findActiveAccessToken(ctx, token)
  if (!found) throw invalidRequest(`The ${whose}_token is missing, has expired, or was revoked.`)
  return found
}
