import type { Language } from '@latchkey/api'
import { escapeHtml } from '../../kernel/escape-html.ts'
import type { Content } from './wording.ts'

export interface LayoutOptions {
  /** The project's name. */
  name: string
  language: Language
}

/** The plain-text part of an email, with the code or link on a line of its own. */
export function textMail({ heading, lead, code, button, notes }: Content, { name }: LayoutOptions): string {
  const blocks = [heading, ...lead]
  if (code) blocks.push(`    ${code}`)
  if (button) blocks.push(code ? `${button.label}:\n${button.url}` : button.url)
  return `${[...blocks, ...notes, `-- \n${name}`].join('\n\n')}\n`
}

/**
 * The HTML part of an email: a single column without tables, readable without styles, in the light or dark scheme of
 * the reader's client.
 */
export function htmlMail({ heading, lead, code, button, notes, subject }: Content, { name, language }: LayoutOptions) {
  const paragraphs = (texts: string[], kind: string) =>
    texts.map((text) => `<p class="${kind}">${escapeHtml(text)}</p>`).join('\n')
  const preview = [...lead, code ?? ''].join(' ').trim()
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>${styles}</style>
</head>
<body>
<div class="preview">${escapeHtml(preview)}</div>
<div class="page">
<p class="name">${escapeHtml(name)}</p>
<div class="card">
<h1>${escapeHtml(heading)}</h1>
${paragraphs(lead, 'lead')}
${code ? `<p class="code">${escapeHtml(code)}</p>` : ''}
${button ? buttonHtml(button, code === undefined) : ''}
${paragraphs(notes, 'note')}
</div>
</div>
</body>
</html>
`
}

function buttonHtml({ label, url }: NonNullable<Content['button']>, main: boolean): string {
  const href = escapeHtml(safeUrl(url))
  const link = `<p><a class="${main ? 'button' : 'link'}" href="${href}">${escapeHtml(label)}</a></p>`
  return main ? `${link}\n<p class="address"><a class="link" href="${href}">${escapeHtml(url)}</a></p>` : link
}

const styles = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 0; background: #f4f5f7; color: #17181c; }
.preview { display: none; max-height: 0; overflow: hidden; }
.page { max-width: 480px; margin: 0 auto; padding: 32px 16px; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
.name { margin: 0 0 16px; padding: 0 8px; font-weight: 600; }
.card { background: #ffffff; border: 1px solid #e3e5ea; border-radius: 12px; padding: 28px 24px; }
h1 { margin: 0 0 16px; font-size: 22px; line-height: 1.3; }
p { margin: 0 0 16px; }
.code { margin: 24px 0; padding: 16px; border-radius: 8px; background: #f4f5f7; font: 600 32px/1.2 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; letter-spacing: 6px; text-align: center; }
.button { display: inline-block; padding: 12px 20px; border-radius: 8px; background: #17181c; color: #ffffff; font-weight: 600; text-decoration: none; }
.link { color: #2b50c8; }
.address { font-size: 13px; word-break: break-all; }
.note { font-size: 14px; color: #5a5f6b; }
.note:last-child { margin-bottom: 0; }
@media (prefers-color-scheme: dark) {
  body { background: #0f1115; color: #f1f2f4; }
  .card { background: #1a1c21; border-color: #2c2f37; }
  .code { background: #0f1115; }
  .button { background: #f1f2f4; color: #17181c; }
  .link { color: #9db4ff; }
  .note { color: #a9aeba; }
}
`

/** Restricts a URL in a link to schemes that cannot run script. */
function safeUrl(url: string): string {
  return /^(https?|mailto|tel):/i.test(url.trim()) ? url.trim() : '#'
}
