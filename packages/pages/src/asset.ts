import { createHash } from 'node:crypto'

/** A static file of the pages. Its name contains a hash of its content, so that it can be cached indefinitely. */
export interface Asset {
  /** The path relative to `basePath`, with a leading slash: `/assets/pages.0123456789ab.css`. */
  path: string
  contentType: string
  body: string
}

const contentTypes = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
} as const

export function asset(name: string, kind: keyof typeof contentTypes, body: string): Asset {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12)
  return { path: `/assets/${name}.${hash}.${kind}`, contentType: contentTypes[kind], body }
}
