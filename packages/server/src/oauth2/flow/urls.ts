/** Encodes a query as Go does: sorted by name, with a plus for a space. */
export function encodeQuery(parameters: Iterable<readonly [string, string]>): string {
  const entries = [...parameters].map(([name, value], i) => ({ name, value, i }))
  entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.i - b.i))
  return entries.map(({ name, value }) => `${encodeText(name)}=${encodeText(value)}`).join('&')
}

function encodeText(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** A URL with parameters set; the others stay. A fragment is removed. */
export function withQuery(url: string, parameters: Readonly<Record<string, string>>): string {
  const [address = ''] = url.split('#', 1)
  const start = address.indexOf('?')
  const base = start === -1 ? address : address.slice(0, start)
  const query = new URLSearchParams(start === -1 ? '' : address.slice(start + 1))
  for (const [name, value] of Object.entries(parameters)) query.set(name, value)
  const encoded = encodeQuery(query)
  return encoded === '' ? base : `${base}?${encoded}`
}
