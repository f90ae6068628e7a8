import { Document } from '../document.tsx'
import { displayName } from '../identity.ts'
import type { Page, View } from '../page.ts'
import { word } from '../words.ts'
import { Csrf } from './csrf.tsx'

type LogoutPageData = Extract<Page, { kind: 'logout' }>

/** Asks for confirmation before signing out, or confirms that it is done. */
export function LogoutPage({ page, view }: { page: LogoutPageData; view: View }) {
  return page.state === 'confirm' ? <Confirm page={page} view={view} /> : <Done view={view} />
}

function Confirm({ page, view }: { page: Extract<LogoutPageData, { state: 'confirm' }>; view: View }) {
  const { language, links } = view
  const title = word(language, 'logoutTitle')
  const { client } = page.asked ?? {}
  const lead = client ? word(language, 'logoutOfClient', { client: client.name }) : word(language, 'logoutLead')
  return (
    <Document view={view} title={title}>
      <h1>{title}</h1>
      <p class="lead">{lead}</p>
      {page.identity && (
        <p class="identifier">
          <span class="identifier-what">{word(language, 'signedInAs')}</span>{' '}
          <strong class="identifier-value">{displayName(page.identity)}</strong>
        </p>
      )}
      <form class="actions" action={page.action} method="post">
        <Csrf view={view} />
        {page.asked && <input type="hidden" name="logout_challenge" value={page.asked.challenge} />}
        {page.returnTo && <input type="hidden" name="return_to" value={page.returnTo} />}
        <button class="button button-primary" type="submit">
          {word(language, 'signOut')}
        </button>
        {links.settings && (
          <a class="button button-secondary" href={links.settings}>
            {word(language, 'stay')}
          </a>
        )}
      </form>
    </Document>
  )
}

function Done({ view }: { view: View }) {
  const { language, links } = view
  const title = word(language, 'loggedOutTitle')
  return (
    <Document view={view} title={title}>
      <h1>{title}</h1>
      <p class="lead" role="status">
        {word(language, 'loggedOutLead')}
      </p>
      {links.login && (
        <p class="actions">
          <a class="button button-primary" href={links.login}>
            {word(language, 'signInAgain')}
          </a>
        </p>
      )}
    </Document>
  )
}
