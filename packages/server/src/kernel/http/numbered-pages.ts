/** A page by zero-based number. */
export interface NumberedPage {
  number: number
  size: number
}

/**
 * Parses `page` and `per_page` (or `page_size`, or a page token of such a list) as leniently as Kratos: invalid numbers
 * count as absent, sizes are clamped to the range from 1 to the maximum.
 */
export function numberedPage(search: URLSearchParams, limits: { size: number; largest: number }): NumberedPage {
  const size = whole(search.get('page_size')) ?? whole(search.get('per_page')) ?? limits.size
  const number = whole(search.get('page')) ?? fromToken(search.get('page_token')) ?? 0
  return { number: Math.max(0, Math.min(number, 1_000_000)), size: Math.max(1, Math.min(size, limits.largest)) }
}

/** The Link header of a list with page numbers (RFC 8288), with the applicable relations first, next, prev and last. */
export function numberedLinks(path: string, search: URLSearchParams, page: NumberedPage, total: number): string {
  const size = total > 0 ? Math.min(page.size, total) : page.size
  const last = Math.max(0, Math.ceil(total / size) - 1)
  const link = (number: number, relation: string) => {
    const query = new URLSearchParams(search)
    query.set('page', String(number))
    query.set('page_size', String(size))
    query.set('page_token', token(number))
    query.set('per_page', String(size))
    query.sort()
    return `<${path}?${query}>; rel="${relation}"`
  }
  const links: string[] = []
  const here = Math.min(page.number, last)
  if (here > 0 || last === 0) links.push(link(0, 'first'))
  if (here < last) links.push(link(here + 1, 'next'))
  if (here > 0) links.push(link(here - 1, 'prev'))
  if (here < last) links.push(link(last, 'last'))
  return links.join(',')
}

function whole(value: string | null): number | undefined {
  return value !== null && /^-?\d{1,15}$/.test(value) ? Number(value) : undefined
}

function token(number: number): string {
  return Buffer.from(JSON.stringify({ page: number })).toString('base64url')
}

function fromToken(value: string | null): number | undefined {
  if (!value) return undefined
  const match = /^\{"page":(\d{1,9})\}$/.exec(Buffer.from(value, 'base64url').toString('utf8'))
  return match ? Number(match[1]) : undefined
}
