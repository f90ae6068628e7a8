import { pagingNames } from '@latchkey/api'
import type { Query } from './call.ts'

/**
 * Reads a list page by page. The next page is requested with the query of the `next` link in the Link header
 * (RFC 8288); only the query is used, so that credentials are not sent to another host. Without a link, the
 * `next_page_token` of the body is used. Ends if there is no next page, or if it is the same page again.
 */
export async function* pages(
  fetchPage: (query: Query) => Promise<{ body: unknown; link: string | null }>,
  first: Query = {},
): AsyncGenerator<unknown, void, undefined> {
  let query = first
  for (;;) {
    const { body, link } = await fetchPage(query)
    yield body
    const next = nextQuery(link) ?? nextInBody(body)
    if (!next) return
    const following = { ...query, ...next }
    if (JSON.stringify(following) === JSON.stringify(query)) return
    query = following
  }
}

/** The items of a page: the body itself, or the one list in it. */
export function itemsOf(body: unknown): readonly unknown[] {
  if (Array.isArray(body)) return body
  return Object.values(body ?? {}).find((part) => Array.isArray(part)) ?? []
}

function nextQuery(link: string | null): Record<string, string> | undefined {
  for (const part of link?.split(/,(?=\s*<)/) ?? []) {
    const [, target, parameters] = /^\s*<([^>]*)>(.*)$/.exec(part) ?? []
    if (target === undefined || !/;\s*rel="?next"?/i.test(parameters ?? '')) continue
    const search = new URL(target, 'http://localhost').searchParams
    const page = pagingNames.filter((name) => search.has(name))
    return Object.fromEntries(page.map((name) => [name, search.get(name) ?? '']))
  }
  return undefined
}

function nextInBody(body: unknown): Record<string, string> | undefined {
  const token = (body as { next_page_token?: unknown } | null | undefined)?.next_page_token
  return typeof token === 'string' && token !== '' ? { page_token: token } : undefined
}
