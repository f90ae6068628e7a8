import type { Query } from './call.ts'

/**
 * Reads a list page by page. The next one is the query of the Link header's `next` (RFC 8288); only the query is
 * used, so that tokens go nowhere else. Ends where there is no next page, or where it is the same again.
 */
export async function* pages(
  fetchPage: (query: Query) => Promise<{ body: unknown; link: string | null }>,
  first: Query = {},
): AsyncGenerator<unknown, void, undefined> {
  let query = first
  for (;;) {
    const { body, link } = await fetchPage(query)
    yield body
    const next = nextQuery(link)
    if (!next) return
    const following = { ...query, ...next }
    if (JSON.stringify(following) === JSON.stringify(query)) return
    query = following
  }
}

function nextQuery(link: string | null): Record<string, string> | undefined {
  for (const part of link?.split(/,(?=\s*<)/) ?? []) {
    const [, target, parameters] = /^\s*<([^>]*)>(.*)$/.exec(part) ?? []
    if (target === undefined || !/;\s*rel="?next"?/i.test(parameters ?? '')) continue
    const search = new URL(target, 'http://localhost').searchParams
    const page = ['page_token', 'page_size', 'page', 'per_page'].filter((name) => search.has(name))
    return Object.fromEntries(page.map((name) => [name, search.get(name) ?? '']))
  }
  return undefined
}
