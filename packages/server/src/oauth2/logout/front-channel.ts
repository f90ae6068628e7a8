import { escapeHtml } from '../../kernel/escape-html.ts'
import type { TextReply } from '../../kernel/http/index.ts'
import { protocolPage } from '../html.ts'

/** As long as frames have to load before the browser goes on. */
const waitSeconds = 5

/** Goes on when every frame has loaded. Without JavaScript the refresh of the page does, somewhat later. */
const script = `
const frames = [...document.querySelectorAll('iframe')]
const next = () => location.replace(document.querySelector('a').href)
const loaded = frames.map((frame) => new Promise((resolve) => frame.addEventListener('load', resolve, { once: true })))
Promise.all(loaded).then(next)
`

/** A page that loads an address of each client, which ends its session there (OpenID Connect Front-Channel Logout 1.0). */
export function frontChannelPage(urls: readonly string[], redirectTo: string): TextReply {
  const target = escapeHtml(redirectTo)
  const frames = urls.map((url) => `<iframe src="${escapeHtml(url)}" title=""></iframe>`).join('\n')
  return protocolPage({
    status: 200,
    title: 'Signing out',
    head: `<meta http-equiv="refresh" content="${waitSeconds}; url=${target}">`,
    style: 'iframe{border:0;height:0;position:absolute;width:0}',
    body: `<p>You are being signed out. <a href="${target}">Continue</a></p>\n${frames}`,
    script,
    policy: 'frame-src http: https:',
  })
}
