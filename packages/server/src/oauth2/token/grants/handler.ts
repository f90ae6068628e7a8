import type { OAuth2TokenExchange } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import type { Client } from '../../clients/client.ts'
import type { Confirmation } from '../grant.ts'

/** A request to the token endpoint whose client is authenticated. */
export interface TokenRequest {
  readonly client: Client
  readonly form: URLSearchParams
  /** What the request proved, which its tokens are bound to. */
  readonly confirmation: Confirmation | undefined
}

/** A grant of the token endpoint (RFC 6749, section 4). */
export interface GrantHandler {
  readonly grantType: string
  /** Whether the grant exists, if that is configured; otherwise it does, as in Hydra. */
  readonly isEnabled?: (ctx: Context) => boolean
  readonly handle: (ctx: Context, request: TokenRequest) => Promise<OAuth2TokenExchange>
}
