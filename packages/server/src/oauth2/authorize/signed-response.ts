import { idTokenKeys, signToken } from '../../jwk/index.ts'
import type { Context } from '../../kernel/context.ts'
import { seconds } from '../token/claims.ts'
import type { ResponseMode } from './request.ts'

/** JARM, section 2.1, recommends ten minutes at most. */
const lifespanSeconds = 600

/** How a signed response is sent; `jwt` leaves that to the response type (JARM, section 2.3). */
const signedModes: ReadonlyMap<string, ResponseMode | undefined> = new Map([
  ['jwt', undefined],
  ['query.jwt', 'query'],
  ['fragment.jwt', 'fragment'],
  ['form_post.jwt', 'form_post'],
])

/** What a response mode of JARM means; undefined for another one, or where they are off. */
export function signedMode({ config }: Context, name: string): { sentAs: ResponseMode | undefined } | undefined {
  if (!config.oauth2.oauth2.signed_responses.enabled || !signedModes.has(name)) return undefined
  return { sentAs: signedModes.get(name) }
}

/** The one parameter that contains all others (JWT Secured Authorization Response Mode for OAuth 2.0, section 2.1). */
export async function signResponse(
  ctx: Context,
  clientId: string,
  parameters: Readonly<Record<string, string>>,
): Promise<{ response: string }> {
  const now = seconds(ctx.clock.now())
  const about = { iss: ctx.config.oauth2.urls.self.issuer, aud: clientId, iat: now, exp: now + lifespanSeconds }
  return { response: await signToken(ctx, idTokenKeys, { ...parameters, ...about }) }
}

/** The response modes of the metadata, and with which algorithm responses are signed (JARM, section 4). */
export function responseModeMetadata({ config }: Context, algorithm: string) {
  const plain = ['query', 'fragment', 'form_post']
  if (!config.oauth2.oauth2.signed_responses.enabled) return { response_modes_supported: plain }
  return {
    response_modes_supported: [...plain, ...signedModes.keys()],
    authorization_signing_alg_values_supported: [algorithm],
  }
}
