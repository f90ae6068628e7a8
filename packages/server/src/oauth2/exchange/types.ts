export const tokenExchangeGrantType = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** RFC 8693, section 3. */
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'
