import { ApiError } from '@latchkey/api'
import { claimsFrom } from './claims.ts'
import { discover } from './documents.ts'
import { bearer, requestObject, unusable } from './http.ts'
import { openid, verifyAppToken } from './openid.ts'
import { textOf } from './person.ts'

const issuer = 'https://broker.netid.de/'
const userinfoUrl = 'https://broker.netid.de/userinfo'
const tokenUrl = 'https://broker.netid.de/token'

/** netID. Its userinfo response has more claims than its ID token; tokens of FedCM are exchanged for ID tokens. */
export const netid = openid({
  metadata: async (at) => ({ ...(await discover(at, issuer)), clientAuth: 'header' }),
  async refine(at, vouched) {
    const tokens = vouched.tokens ?? { accessToken: '' }
    const raw = await requestObject(at, userinfoUrl, { headers: bearer(tokens) })
    if (raw.sub !== vouched.claims.sub)
      throw ApiError.badRequest({ reason: 'The userinfo response is about somebody else.' })
    return { ...vouched, claims: { ...claimsFrom(raw), iss: vouched.claims.iss, sub: vouched.claims.sub } }
  },
  async verifyIdToken(at, token) {
    const { net_id_token_origin_header: origin = '' } = at.config
    const answer = await requestObject(at, tokenUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin },
      body: new URLSearchParams({ grant_type: 'netid_fedcm', fedcm_token: token }).toString(),
      maxRedirects: 0,
    })
    const idToken = textOf(answer.id_token)
    if (!idToken) throw unusable(at, tokenUrl, { reason: 'no ID token' })
    return verifyAppToken(at, idToken, await discover(at, issuer))
  },
})
