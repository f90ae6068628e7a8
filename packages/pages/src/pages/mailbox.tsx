import { Document } from '../document.tsx'
import type { Mail, View } from '../page.ts'
import { word } from '../words.ts'
import { Time } from './time.tsx'

const maxShown = 200

/** The emails that were caught in development mode, newest first. */
export function MailboxPage({ messages, url, view }: { messages: Mail[]; url: string; view: View }) {
  const { language } = view
  const title = word(language, 'mailboxTitle')
  const newestFirst = [...messages].sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at))
  return (
    <Document view={view} title={title} layout="wide">
      <div class="heading heading-actions">
        <div>
          <h1>{title}</h1>
          <p class="lead">{word(language, 'mailboxLead')}</p>
        </div>
        <a class="button button-secondary button-small" href={url}>
          {word(language, 'refresh')}
        </a>
      </div>
      {newestFirst.length === 0 ? (
        <p class="section empty">{word(language, 'mailboxEmpty')}</p>
      ) : (
        <ul class="section list">
          {newestFirst.slice(0, maxShown).map((message) => (
            <li key={message.id}>
              <Row message={message} view={view} />
            </li>
          ))}
        </ul>
      )}
    </Document>
  )
}

function Row({ message, view: { language } }: { message: Mail; view: View }) {
  const code = codeIn(message.body)
  return (
    <a class="row row-link" href={message.url}>
      <span class="row-text">
        <strong>{message.subject || word(language, 'noSubject')}</strong>
        <span class="muted">
          {message.recipient} · <Time at={message.created_at} language={language} />
        </span>
      </span>
      {code && (
        <span class="badge badge-code">
          <span class="visually-hidden">{word(language, 'mailCode')} </span>
          {code}
        </span>
      )}
      <span class="chevron" aria-hidden="true" />
    </a>
  )
}

/** The one-time code in an email: six digits that form a word. */
export function codeIn(text: string): string | undefined {
  return /(?<!\d)\d{6}(?!\d)/.exec(text.replace(/https?:\/\/\S+/g, ''))?.[0]
}
