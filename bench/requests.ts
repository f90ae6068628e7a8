/** A complete GET request. */
export function get(path: string, headers: string[] = []): string {
  return head('GET', path, headers)
}

/** A request with a JSON body. In its content length `$N` counts as the seven digits that replace it. */
export function send(method: 'POST' | 'PATCH', path: string, body: object, headers: string[] = []): string {
  const text = JSON.stringify(body)
  const length = Buffer.byteLength(text.replaceAll('$N', '0000000'))
  return `${head(method, path, ['content-type: application/json', `content-length: ${length}`, ...headers])}${text}`
}

/** A POST request with the body of a form. */
export function form(path: string, fields: Record<string, string>, headers: string[] = []): string {
  const text = new URLSearchParams(fields).toString()
  const own = ['content-type: application/x-www-form-urlencoded', `content-length: ${text.length}`]
  return `${head('POST', path, [...own, ...headers])}${text}`
}

function head(method: string, path: string, headers: string[]): string {
  const accepted = headers.some((header) => header.startsWith('accept:')) ? [] : ['accept: application/json']
  return `${[`${method} ${path} HTTP/1.1`, 'host: 127.0.0.1', ...accepted, ...headers].join('\r\n')}\r\n\r\n`
}
