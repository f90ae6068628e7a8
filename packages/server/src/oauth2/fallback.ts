import { escapeHtml } from '../kernel/escape-html.ts'
import type { Call, TextReply } from '../kernel/http/index.ts'
import { protocolPage } from './html.ts'

interface Fallback {
  readonly path: string
  /** The key of the configuration that would name another page. */
  readonly key: string
  readonly title: string
  readonly text: string
}

const missing = 'You cannot go on, because this server does not know where the page for this step is.'

/** Pages in place of those that the configuration does not name, as with Hydra. */
export const fallbacks: readonly Fallback[] = [
  { path: 'login', key: 'urls.login', title: 'There is no sign-in page', text: missing },
  { path: 'consent', key: 'urls.consent', title: 'There is no consent page', text: missing },
  { path: 'logout', key: 'urls.logout', title: 'There is no sign-out page', text: missing },
  { path: 'device', key: 'urls.device.verification', title: 'There is no page for codes of devices', text: missing },
  {
    path: 'logout/callback',
    key: 'urls.post_logout_redirect',
    title: 'You are signed out',
    text: 'You can close this page.',
  },
  {
    path: 'device/done',
    key: 'urls.device.success',
    title: 'Your device is signed in',
    text: 'You can close this page and go on at your device.',
  },
]

export function fallbackPage({ key, title, text }: Fallback): TextReply {
  return protocolPage({
    status: 200,
    title,
    body: `<h1>${escapeHtml(title)}</h1>\n<p>${escapeHtml(text)}</p>\n${forAdministrators(key)}`,
  })
}

/** Shows an error whose client is not known. What the URL says is not ours, and is shown as such. */
export function errorPage(call: Call): TextReply {
  const { search } = call
  const rows = [
    ['Error', search.get('error')],
    ['Description', search.get('error_description')],
  ].flatMap(([name, value]) => (value ? [`<dt>${name}</dt><dd>${escapeHtml(value.slice(0, 1000))}</dd>`] : []))
  return protocolPage({
    status: 500,
    title: 'The sign-in failed',
    style: 'dt{font-weight:600}dd{margin:0 0 .75rem;overflow-wrap:anywhere}',
    body: `<h1>The sign-in failed</h1>
<p>The application that sent you here made a request that this server cannot answer. It gave this reason:</p>
<dl>${rows.join('')}</dl>
${forAdministrators('urls.error')}`,
  })
}

function forAdministrators(key: string): string {
  return `<p>For administrators: this page is shown because <code>${key}</code> is not set.</p>`
}
