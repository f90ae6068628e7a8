import { Document } from '../document.tsx'
import type { PageError, View } from '../page.ts'
import { type Word, word } from '../words.ts'

/** An error that no form can show: a plain description, links to continue, and the details for support. */
export function ErrorPage({ error, view }: { error: PageError; view: View }) {
  const { language, links } = view
  const { title, text } = explain(error)
  const start = links.login ?? links.settings
  return (
    <Document view={view} title={word(language, title)}>
      <h1>{word(language, title)}</h1>
      <p class="lead" role="alert">
        {word(language, text)}
      </p>
      {start && (
        <p class="actions">
          <a class="button button-primary" href={start}>
            {word(language, text === 'errorSession' ? 'signIn' : 'startAgain')}
          </a>
        </p>
      )}
      <Details error={error} view={view} />
    </Document>
  )
}

function Details({ error: { error, id }, view: { language } }: { error: PageError; view: View }) {
  const rows: [Word, string | undefined][] = [
    ['errorStatus', [error?.code, error?.status].filter(Boolean).join(' ')],
    ['errorMessage', error?.message],
    ['errorReason', error?.reason],
    ['errorId', [error?.id, id].filter(Boolean).join(' · ')],
  ]
  const known = rows.filter(([, value]) => value)
  if (known.length === 0) return null
  return (
    <details class="details">
      <summary>{word(language, 'errorDetails')}</summary>
      <dl>
        {known.map(([key, value]) => (
          <div key={key}>
            <dt>{word(language, key)}</dt>
            <dd lang={key === 'errorMessage' || key === 'errorReason' ? 'en' : undefined}>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

/** Ory's error ids for forbidden requests, whose statuses vary. */
const security = new Set([
  'security_csrf_violation',
  'security_identity_mismatch',
  'self_service_flow_return_to_forbidden',
])

function explain({ error }: PageError): { title: Word; text: Word } {
  const title = 'errorTitle'
  const code = error?.code ?? 500
  if (error?.id && security.has(error.id)) return { title, text: 'errorSecurity' }
  if (code === 401) return { title, text: 'errorSession' }
  if (code === 403) return { title, text: 'errorSecurity' }
  if (code === 404) return { title: 'errorNotFoundTitle', text: 'errorNotFound' }
  if (code === 410) return { title, text: 'errorExpired' }
  if (code === 429) return { title, text: 'errorTooMany' }
  return { title, text: code < 500 ? 'errorBadRequest' : 'errorServer' }
}
