import { hash } from 'node:crypto'
import { escapeHtml } from '../kernel/escape-html.ts'
import { html, type TextReply } from '../kernel/http/index.ts'

const baseStyle =
  'body{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif;margin:4rem auto;max-width:32rem;padding:0 1rem}h1{font-size:1.4rem;line-height:1.3}code{overflow-wrap:anywhere}'

interface PageContent {
  readonly status: number
  readonly title: string
  /** HTML; what it contains of a request is escaped already. */
  readonly body: string
  readonly head?: string
  readonly style?: string
  readonly script?: string
  /** Directives of the Content-Security-Policy besides. */
  readonly policy?: string
}

const metadata =
  '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="robots" content="noindex">'

/** A small page of the protocol itself, without any resource. */
export function protocolPage({
  status,
  title,
  body,
  head = metadata,
  style = '',
  script,
  policy,
}: PageContent): TextReply {
  const css = baseStyle + style
  const text = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${head}
<title>${escapeHtml(title)}</title>
<style>${css}</style>
</head>
<body>
${body}
${script === undefined ? '' : `<script>${script}</script>\n`}</body>
</html>
`
  const directives = [
    "default-src 'none'",
    `style-src '${sourceHash(css)}'`,
    ...(script === undefined ? [] : [`script-src '${sourceHash(script)}'`]),
    ...(policy === undefined ? [] : [policy]),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ]
  return html(status, text, { headers: { 'content-security-policy': directives.join('; ') } })
}

function sourceHash(text: string): string {
  return `sha256-${hash('sha256', text, 'base64')}`
}
