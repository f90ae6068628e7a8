import type { Flow } from './flow.ts'

/** A link to another flow that preserves `return_to` and the OAuth2 login challenge. */
export function onwards(link: string, flow: Flow): string {
  const kept = Object.entries({ return_to: flow.return_to, login_challenge: flow.oauth2_login_challenge })
  const query = new URLSearchParams(kept.filter((entry): entry is [string, string] => Boolean(entry[1]))).toString()
  if (query === '') return link
  return `${link}${link.includes('?') ? '&' : '?'}${query}`
}
