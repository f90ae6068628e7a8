import type { ComponentChildren } from 'preact'
import { Document } from '../document.tsx'
import { displayName } from '../identity.ts'
import type { Session, SessionsPage as SessionsPageData, View } from '../page.ts'
import { word } from '../words.ts'
import { Csrf } from './csrf.tsx'
import { deviceName } from './device.ts'
import { Time } from './time.tsx'

/** The current session, the other sessions of the identity, and buttons to end one or all of those. */
export function SessionsPage({ page, view }: { page: SessionsPageData; view: View }) {
  const { language } = view
  const title = word(language, 'sessionsTitle')
  const { identity } = page.session
  return (
    <Document view={view} title={title} layout="wide" current="sessions">
      <div class="heading">
        <h1>{title}</h1>
        {identity && (
          <p class="lead">
            {word(language, 'signedInAs')} <strong>{displayName(identity)}</strong>
          </p>
        )}
      </div>
      {page.ended && (
        <p class="message message-success" role="status">
          {word(language, page.ended === 'all' ? 'endedAll' : 'endedOne')}
        </p>
      )}
      <section class="section section-list" aria-labelledby="this-device">
        <h2 id="this-device">{word(language, 'thisDevice')}</h2>
        <ul class="list">
          <Row session={page.session} view={view} />
        </ul>
      </section>
      <section class="section section-list" aria-labelledby="other-devices">
        <h2 id="other-devices">{word(language, 'otherDevices')}</h2>
        <p>{word(language, page.sessions.length > 0 ? 'sessionsLead' : 'noOtherDevices')}</p>
        <Others page={page} view={view} />
      </section>
    </Document>
  )
}

function Others({ page, view }: { page: SessionsPageData; view: View }) {
  if (page.sessions.length === 0) return null
  const { language } = view
  return (
    <>
      <ul class="list">
        {page.sessions.map((session) => (
          <Row key={session.id} session={session} view={view}>
            <form action={page.action} method="post">
              <Csrf view={view} />
              <input type="hidden" name="session" value={session.id} />
              <button
                class="button button-secondary button-small"
                type="submit"
                aria-label={word(language, 'endSessionOf', { device: deviceName(session, language) })}
              >
                {word(language, 'endSession')}
              </button>
            </form>
          </Row>
        ))}
      </ul>
      <form action={page.action} method="post">
        <Csrf view={view} />
        <input type="hidden" name="all" value="true" />
        <button class="button button-danger" type="submit">
          {word(language, 'endAll')}
        </button>
      </form>
    </>
  )
}

function Row(props: { session: Session; view: View; children?: ComponentChildren }) {
  const { session, view, children } = props
  const device = session.devices?.at(-1)
  const place = [device?.location, device?.ip_address].filter(Boolean).join(' · ')
  return (
    <li class="row">
      <div class="row-text">
        <strong>{deviceName(session, view.language)}</strong>
        <span class="muted">
          {session.authenticated_at && (
            <>
              {word(view.language, 'signedInAt')} <Time at={session.authenticated_at} language={view.language} />
            </>
          )}
          {session.authenticator_assurance_level === 'aal2' && ` · ${word(view.language, 'twoFactors')}`}
          {place && ` · ${place}`}
        </span>
      </div>
      {children}
    </li>
  )
}
