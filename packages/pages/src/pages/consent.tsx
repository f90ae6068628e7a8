import { Document } from '../document.tsx'
import { safeHref } from '../flow/node.tsx'
import { displayName } from '../identity.ts'
import type { ConsentPage as ConsentPageData, PageClient, View } from '../page.ts'
import { type Word, word } from '../words.ts'
import { Csrf } from './csrf.tsx'

/** Asks the person whether an application may have what it asked for. */
export function ConsentPage({ page, view }: { page: ConsentPageData; view: View }) {
  const { client, scopes } = page
  const { language } = view
  const title = word(language, 'consentTitle', { client: client.name })
  return (
    <Document view={view} title={title}>
      <ClientHead client={client} view={view} />
      <h1>{title}</h1>
      <p class="identifier">
        <span class="identifier-what">{word(language, 'signedInAs')}</span>{' '}
        <strong class="identifier-value">{displayName(page.identity)}</strong>
      </p>
      {page.isOfDevice && <p class="message message-info">{word(language, 'consentDevice')}</p>}
      {scopes.length > 0 && (
        <section aria-labelledby="asked">
          <h2 class="scopes-title" id="asked">
            {word(language, 'consentLead', { client: client.name })}
          </h2>
          <ul class="scopes">
            {scopes.map((scope) => (
              <li key={scope}>
                <Scope scope={scope} view={view} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <form class="actions" action={page.action} method="post">
        <Csrf view={view} />
        <input type="hidden" name="consent_challenge" value={page.challenge} />
        {!page.isOfDevice && (
          <label class="tick">
            <input type="checkbox" name="remember" value="true" />
            <span>{word(language, 'consentRemember')}</span>
          </label>
        )}
        <button class="button button-primary" type="submit" name="decision" value="accept">
          {word(language, 'consentAccept')}
        </button>
        <button class="button button-secondary" type="submit" name="decision" value="deny">
          {word(language, 'consentDeny')}
        </button>
      </form>
      <ClientFoot client={client} view={view} />
    </Document>
  )
}

function ClientHead({ client, view }: { client: PageClient; view: View }) {
  if (!client.logoUrl) return null
  const alt = word(view.language, 'consentLogo', { client: client.name })
  return (
    <p class="client-logo">
      <img src={client.logoUrl} alt={alt} width={64} height={64} referrerpolicy="no-referrer" />
    </p>
  )
}

const known: Readonly<Record<string, Word>> = {
  openid: 'scopeOpenid',
  profile: 'scopeProfile',
  email: 'scopeEmail',
  phone: 'scopePhone',
  address: 'scopeAddress',
  offline: 'scopeOffline',
  offline_access: 'scopeOffline',
}

/** A scope of OpenID Connect in words; others have the name that the application gave them. */
function Scope({ scope, view }: { scope: string; view: View }) {
  const key = Object.hasOwn(known, scope) ? known[scope] : undefined
  if (key) return <span>{word(view.language, key)}</span>
  return (
    <span>
      {word(view.language, 'scopeOther')} <code>{scope}</code>
    </span>
  )
}

/** Where the person returns to, and what the application says of itself. */
function ClientFoot({ client, view: { language } }: { client: PageClient; view: View }) {
  const links = [
    { href: client.policyUrl, key: 'consentPolicy' },
    { href: client.termsUrl, key: 'consentTerms' },
  ] as const
  const shown = links.filter(({ href }) => href)
  return (
    <div class="client-foot">
      {client.host && <p>{word(language, 'consentReturn', { host: client.host })}</p>}
      {shown.length > 0 && (
        <p>
          {shown.map(({ href = '', key }) => (
            <a key={key} href={safeHref(href)} target="_blank" rel="noreferrer noopener">
              {word(language, key, { client: client.name })}
            </a>
          ))}
        </p>
      )}
    </div>
  )
}
