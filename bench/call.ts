/** Sends a request to a server during setup. Throws an error with the response body if the request fails. */
// biome-ignore lint/suspicious/noExplicitAny: responses of two servers, used only in benchmarks
export async function call(origin: string, method: string, path: string, body?: object, headers = {}): Promise<any> {
  const response = await fetch(origin + path, {
    method,
    headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${origin}${path}: ${response.status} ${text.slice(0, 400)}`)
  return text === '' ? undefined : JSON.parse(text)
}
