import { tokenExchange } from '../../exchange/grant.ts'
import { authorizationCode } from './authorization-code.ts'
import { clientCredentials } from './client-credentials.ts'
import { deviceCode } from './device-code.ts'
import type { GrantHandler } from './handler.ts'
import { jwtBearer } from './jwt-bearer.ts'
import { refreshToken } from './refresh-token.ts'

/** Every grant, by its type. */
export const grantHandlers: ReadonlyMap<string, GrantHandler> = new Map(
  [authorizationCode, clientCredentials, deviceCode, jwtBearer, refreshToken, tokenExchange].map((handler) => [
    handler.grantType,
    handler,
  ]),
)
