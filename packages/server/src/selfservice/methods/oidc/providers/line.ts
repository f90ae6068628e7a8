import { discover } from './documents.ts'
import { openid } from './openid.ts'

/** LINE Login 2.1. It signs ID tokens with a key of its own, rather than with the client secret, if it is asked to. */
export const line = openid({
  metadata: async (at) => ({
    ...(await discover(at, 'https://access.line.me')),
    clientAuth: 'body',
    returnsNonce: true,
  }),
  tokenParameters: { id_token_key_type: 'JWK' },
})
