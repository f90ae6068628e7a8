/** The host of the URL at which a flow was started, to which the code of a text message is bound; empty if unknown. */
export function requestDomain(data: object): string {
  const url = 'request_url' in data ? String(data.request_url) : ''
  return URL.canParse(url) ? new URL(url).hostname : ''
}
