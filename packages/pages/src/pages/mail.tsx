import { Document } from '../document.tsx'
import type { Mail, View } from '../page.ts'
import { word } from '../words.ts'
import { codeIn } from './mailbox.tsx'
import { Time } from './time.tsx'

/** A caught email: its text with links, and its HTML in a sandboxed frame without scripts. */
export function MailPage({ message, mailboxUrl, view }: { message: Mail; mailboxUrl: string; view: View }) {
  const { language } = view
  const title = message.subject || word(language, 'noSubject')
  const code = codeIn(message.body)
  return (
    <Document view={view} title={title} layout="wide">
      <div class="heading">
        <p class="back">
          <a href={mailboxUrl}>{word(language, 'backToMailbox')}</a>
        </p>
        <h1>{title}</h1>
        <p class="lead">
          {word(language, 'mailTo')} <strong>{message.recipient}</strong> ·{' '}
          <Time at={message.created_at} language={language} />
        </p>
      </div>
      <section class="section section-list" aria-labelledby="mail-text">
        <h2 id="mail-text">{word(language, 'mailText')}</h2>
        {code && (
          <p class="mail-code">
            {word(language, 'mailCode')} <code data-code>{code}</code>
          </p>
        )}
        <div class="mail-text">{withLinks(message.body)}</div>
      </section>
      {message.html && (
        <section class="section section-list" aria-labelledby="mail-html">
          <h2 id="mail-html">{word(language, 'mailHtml')}</h2>
          <iframe
            class="mail-frame"
            title={word(language, 'mailHtml')}
            sandbox="allow-popups allow-popups-to-escape-sandbox"
            srcdoc={`<base target="_blank">${message.html}`}
          />
        </section>
      )}
    </Document>
  )
}

/** Converts http(s) URLs in a text to links. Punctuation at the end of a URL is part of the sentence. */
function withLinks(text: string) {
  return text.split(/(https?:\/\/[^\s<>"]+)/).map((part, index) => {
    if (index % 2 === 0) return part
    const address = part.replace(/[.,;:!?)\]]+$/, '')
    return (
      <span key={`${index}-${address}`}>
        <a href={address}>{address}</a>
        {part.slice(address.length)}
      </span>
    )
  })
}
