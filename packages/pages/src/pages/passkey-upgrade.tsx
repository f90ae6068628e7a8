import { Document } from '../document.tsx'
import type { Flow } from '../flow/flow.ts'
import { Scripts, safeHref } from '../flow/node.tsx'
import type { View } from '../page.ts'
import { word } from '../words.ts'

const fields = ['csrf_token', 'passkey_create_data', 'passkey_settings_register']

/** Lets the browser make a passkey without asking the person, then goes on; without a script, the person goes on. */
export function PasskeyUpgradePage({ flow, next, view }: { flow: Flow; next: string; view: View }) {
  const title = word(view.language, 'signedInTitle')
  return (
    <Document view={view} title={title}>
      <h1>{title}</h1>
      <form action={flow.ui.action} method={flow.ui.method}>
        {flow.ui.nodes.map(({ attributes }) =>
          attributes.node_type === 'input' && fields.includes(attributes.name) ? (
            <input type="hidden" name={attributes.name} value={String(attributes.value ?? '')} />
          ) : null,
        )}
      </form>
      <p class="actions">
        <a class="button button-primary" href={safeHref(next)} data-passkey-upgrade>
          {word(view.language, 'goOn')}
        </a>
      </p>
      <Scripts nodes={flow.ui.nodes} />
    </Document>
  )
}
