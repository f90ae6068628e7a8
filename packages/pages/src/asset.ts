import { createHash } from 'node:crypto'

/** A file that pages refer to. Its name holds the hash of its content, so it may be cached for good. */
export interface Asset {
  /** Below `basePath`, with a slash in front: `/assets/pages.0123456789ab.css`. */
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
