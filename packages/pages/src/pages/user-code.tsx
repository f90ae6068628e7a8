import { Document } from '../document.tsx'
import type { UserCodePage as UserCodePageData, View } from '../page.ts'
import { word } from '../words.ts'
import { Csrf } from './csrf.tsx'

/** Asks for the code that a device shows, or says that the device is signed in. */
export function UserCodePage({ page, view }: { page: UserCodePageData; view: View }) {
  const { language } = view
  if (page.state === 'done') {
    return (
      <Document view={view} title={word(language, 'deviceDoneTitle')}>
        <h1>{word(language, 'deviceDoneTitle')}</h1>
        <p class="lead" role="status">
          {word(language, 'deviceDoneLead')}
        </p>
      </Document>
    )
  }
  const title = word(language, 'deviceTitle')
  const wrong = page.isWrong === true
  return (
    <Document view={view} title={title} invalid={wrong}>
      <h1>{title}</h1>
      <p class="lead">{word(language, 'deviceLead')}</p>
      <form class="form" action={page.action} method="post">
        <Csrf view={view} />
        <input type="hidden" name="device_challenge" value={page.challenge} />
        <div class="field">
          <label for="user_code">{word(language, 'deviceCode')}</label>
          <input
            id="user_code"
            class="input input-code"
            name="user_code"
            type="text"
            value={page.userCode}
            required
            maxlength={64}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            aria-invalid={wrong ? 'true' : undefined}
            aria-describedby={wrong ? 'user_code-error' : undefined}
          />
          {wrong && (
            <p class="field-message field-error" id="user_code-error" role="alert">
              {word(language, 'deviceWrong')}
            </p>
          )}
        </div>
        <button class="button button-primary" type="submit">
          {word(language, 'goOn')}
        </button>
      </form>
    </Document>
  )
}
