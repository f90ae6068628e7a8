import type { OAuth2Client } from '@latchkey/api'
import type { PageClient } from '@latchkey/pages'

/** A client as pages show it. Its own texts and URLs are not checked by anybody, so that only web addresses are kept. */
export function pageClient(client: OAuth2Client = {}, requestUrl = ''): PageClient {
  return {
    name: client.client_name || client.client_id || '',
    logoUrl: webAddress(client.logo_uri),
    policyUrl: webAddress(client.policy_uri),
    termsUrl: webAddress(client.tos_uri),
    host: hostOf(client, requestUrl),
  }
}

/** The host of the redirect URI: that of the request, if it is one of the client's, or of its only one. */
function hostOf({ redirect_uris: registered = [] }: OAuth2Client, requestUrl: string): string | undefined {
  const uris = registered ?? []
  const asked = URL.canParse(requestUrl) ? new URL(requestUrl).searchParams.get('redirect_uri') : null
  const uri = asked !== null && uris.includes(asked) ? asked : uris.length === 1 ? uris[0] : undefined
  return (uri && URL.canParse(uri) && new URL(uri).host) || undefined
}

function webAddress(address: string | undefined): string | undefined {
  return address && /^https?:\/\//i.test(address) && URL.canParse(address) ? address : undefined
}
