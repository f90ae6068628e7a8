/** Calls a server while it is prepared; fails with what it said. */
// biome-ignore lint/suspicious/noExplicitAny: the answers of two servers, looked at here and nowhere else
export async function call(origin: string, method: string, path: string, body?: object): Promise<any> {
  const response = await fetch(origin + path, {
    method,
    headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${origin}${path}: ${response.status} ${text.slice(0, 400)}`)
  return text === '' ? undefined : JSON.parse(text)
}
