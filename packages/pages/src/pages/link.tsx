import { Document } from '../document.tsx'
import type { Page, View } from '../page.ts'
import { word } from '../words.ts'

/** Asks for a click before a link from a message is redeemed, because programs that scan messages open links. */
export function LinkPage({ page, view }: { page: Extract<Page, { kind: 'link' }>; view: View }) {
  const { language } = view
  const isRecovery = page.purpose === 'recovery'
  const title = word(language, isRecovery ? 'openRecoveryTitle' : 'openVerificationTitle')
  return (
    <Document view={view} title={title}>
      <h1>{title}</h1>
      <p class="lead">{word(language, isRecovery ? 'openRecoveryLead' : 'openVerificationLead')}</p>
      <form class="actions" action={page.action} method="post">
        {view.csrf !== undefined && <input type="hidden" name="csrf_token" value={view.csrf} />}
        <button class="button button-primary" type="submit">
          {word(language, isRecovery ? 'openRecovery' : 'openVerification')}
        </button>
      </form>
    </Document>
  )
}
