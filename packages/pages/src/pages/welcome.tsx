import { Document } from '../document.tsx'
import type { View, WelcomePage as WelcomePageData } from '../page.ts'
import { type Word, word } from '../words.ts'

/** The root page of development mode: links to the other pages, and an example request. */
export function WelcomePage({ page, view }: { page: WelcomePageData; view: View }) {
  const { language, links, project } = view
  const title = word(language, 'welcomeTitle', { project: project.name })
  const places: [string | undefined, Word, Word][] = [
    [links.registration, 'welcomeSignUp', 'welcomeSignUpHint'],
    [links.login, 'welcomeSignIn', 'welcomeSignInHint'],
    [page.mailboxUrl, 'welcomeMailbox', 'welcomeMailboxHint'],
    [links.settings, 'welcomeSettings', 'welcomeSettingsHint'],
    [page.openapiUrl, 'welcomeOpenapi', 'welcomeOpenapiHint'],
  ]
  return (
    <Document view={view} title={title} layout="wide">
      <div class="heading">
        <h1>{title}</h1>
        <p class="lead">{word(language, 'welcomeLead')}</p>
      </div>
      <section class="section section-list" aria-labelledby="places">
        <h2 id="places">{word(language, 'welcomePages')}</h2>
        <ul class="list">
          {places.map(
            ([href, name, hint]) =>
              href && (
                <li key={name}>
                  <a class="row row-link" href={href}>
                    <span class="row-text">
                      <strong>{word(language, name)}</strong>
                      <span class="muted">{word(language, hint)}</span>
                    </span>
                    <span class="chevron" aria-hidden="true" />
                  </a>
                </li>
              ),
          )}
        </ul>
      </section>
      <FirstRequest page={page} view={view} />
    </Document>
  )
}

function FirstRequest({ page, view: { language } }: { page: WelcomePageData; view: View }) {
  const shown = 'value' in page.token
  const token = 'value' in page.token ? page.token.value : '$LATCHKEY_TOKEN'
  return (
    <section class="section section-list" aria-labelledby="first-request">
      <h2 id="first-request">{word(language, 'welcomeApi')}</h2>
      {'command' in page.token && (
        <>
          <p>{word(language, 'welcomeTokenLead')}</p>
          <Snippet id="token-command" text={page.token.command} language={language} />
        </>
      )}
      <p>{word(language, 'welcomeApiLead')}</p>
      <Snippet
        id="curl"
        text={`curl -H ${shown ? "'" : '"'}Authorization: Bearer ${token}${shown ? "'" : '"'} ${page.origin}/admin/identities`}
        language={language}
      />
    </section>
  )
}

function Snippet({ id, text, language }: { id: string; text: string; language: View['language'] }) {
  return (
    <div class="snippet">
      <pre>
        <code id={id}>{text}</code>
      </pre>
      <button
        class="button button-secondary button-small"
        type="button"
        hidden
        data-scripted
        data-copy={id}
        data-done={word(language, 'copied')}
      >
        {word(language, 'copy')}
      </button>
    </div>
  )
}
