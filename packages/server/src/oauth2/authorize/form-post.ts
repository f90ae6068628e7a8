import { escapeHtml } from '../../kernel/escape-html.ts'
import type { Reply } from '../../kernel/http/index.ts'
import { protocolPage } from '../html.ts'

/** A page that posts the parameters to the client (OAuth 2.0 Form Post Response Mode), by a button without JavaScript. */
export function formPost(redirectUri: string, parameters: Readonly<Record<string, string>>): Reply {
  const inputs = Object.entries(parameters)
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('\n')
  const page = protocolPage({
    status: 200,
    title: 'Continue',
    head: '',
    body: `<form method="post" action="${escapeHtml(redirectUri)}">
${inputs}
<noscript><p>Press the button to continue.</p><button>Continue</button></noscript>
</form>`,
    script: 'document.forms[0].submit()',
  })
  return { ...page, headers: { ...page.headers, 'cache-control': 'no-store' } }
}
