import { describe, expect, it } from 'vitest'
import { ada, pages, session, view } from '../test/fixtures.ts'
import { buttonOf, fieldOf, html } from '../test/html.ts'
import { type Page, renderPage } from './index.ts'
import { titleIn } from './titles.ts'

describe('recovery and verification', () => {
  it('offer to resend a link', () => {
    expect(html(pages['recovery-link'])).toMatch(/button-secondary[^>]*>Send again</)
  })

  it('let people choose among masked addresses, and name the phone that the code was sent to', () => {
    const choice = html(pages['recovery-choice'])
    for (const masked of ['+49****12', 'ad****@example.org', 'lo****@work.example']) {
      expect(choice).toMatch(
        new RegExp(`<button[^>]*name="recovery_select_address"[^>]*>${masked.replace(/[+*]/g, '\\$&')}`),
      )
    }
    expect(choice).not.toContain('identifier-value')
    const sent = html(pages['recovery-chosen-code'])
    expect(sent).toMatch(/identifier-value">\+491512621012</)
    expect(sent).toMatch(/button-quiet[^>]*>Send another code|<button[^>]*value="\+491512621012"/)
    expect(sent).toMatch(/<button[^>]*name="screen"[^>]*>Back</)
  })

  it('can be skipped by signed-in users', () => {
    const page = pages.verification as Page
    expect(renderPage(page, { ...view, signedIn: true })).toContain('Do this later')
    expect(renderPage(page, view)).toContain('Back to sign-in')
  })
})

describe('an opened link', () => {
  it.each([
    ['recovery', 'en', 'Sign in'],
    ['recovery', 'de', 'Anmelden'],
    ['verification', 'en', 'Confirm'],
    ['verification', 'de', 'Bestätigen'],
  ] as const)('of %s is redeemed by a button (%s)', (purpose, language, label) => {
    const action = `/self-service/${purpose}?flow=1&token=2`
    const text = html({ kind: 'link', purpose, action }, language)
    expect(text).toContain(`action="${action.replace('&', '&amp;')}" method="post"`)
    expect(text).toMatch(new RegExp(`<button[^>]*type="submit"[^>]*>${label}</button>`))
  })
})

describe('settings', () => {
  it('show the signed-in user, a sign-out link, and a form for each section', () => {
    const text = html(pages.settings)
    expect(text).toMatch(/Signed in as <strong>ada@example.org/)
    expect(text).toContain('href="/ui/logout"')
    const forms = text.split('<form').slice(1)
    expect(forms).toHaveLength(2)
    expect(forms[0]).not.toContain('type="password"')
    expect(forms[1]).toContain('autocomplete="username"')
  })

  it('start with the new password after a recovery', () => {
    const [recovered, usual] = [html(pages['settings-recovered']), html(pages.settings)]
    expect(recovered.indexOf('section-password')).toBeLessThan(recovered.indexOf('section-profile'))
    expect(fieldOf(recovered, 'password')).toContain('autofocus')
    expect(usual.indexOf('section-profile')).toBeLessThan(usual.indexOf('section-password'))
  })

  it('translate common field titles to German, and show others as in the schema', () => {
    const text = html(pages.settings, 'de')
    expect(text).toContain('>E-Mail')
    expect(text).toContain('>Vorname')
    expect(titleIn('de', 'Shoe size')).toBe('Shoe size')
    expect(titleIn('de', 'constructor')).toBe('constructor')
    expect(titleIn('en', 'First name')).toBe('First name')
  })

  it('render nodes of every type', () => {
    const text = html(pages['settings-everything'])
    expect(text).toMatch(/<img src="data:image[^>]*alt="QR/)
    expect(text).toContain('<code>JBSWY3DPEHPK3PXP</code>')
    expect(text).toContain('<code>k3v8x2mq</code>')
    expect(text).toMatch(/<script[^>]*src="[^"]*webauthn.js"/)
    expect(buttonOf(text, 'google')).toContain('button-danger')
  })
})

describe('other pages', () => {
  it('explain errors in plain language with details for support', () => {
    const text = html(pages['error-security'])
    expect(text).toContain('security_csrf_violation')
    expect(text).toContain('Please start again')
    expect(html(pages['error-not-found'], 'de')).toContain('Seite nicht gefunden')
  })

  it('sign out with a form, because opening a URL must not sign out', () => {
    const text = html({ kind: 'logout', state: 'confirm', action: '/ui/logout', returnTo: '/?a="b', identity: ada })
    expect(text).toContain('action="/ui/logout" method="post"')
    expect(text).toContain('name="csrf_token"')
    expect(text).toContain('name="return_to" value="/?a=&quot;b"')
  })

  it('inform the user that a flow was replaced', () => {
    expect(html(pages['login-restarted'])).toContain('started again')
    expect(html(pages.login)).not.toContain('started again')
  })

  it('have forms to end single sessions and all others', () => {
    const text = html(pages.sessions)
    expect(text).toContain('name="session" value="s2"')
    expect(text).toContain('name="session" value="s3"')
    expect(text).not.toContain('value="s1"')
    expect(text).toContain('name="all" value="true"')
    expect(text).toContain('Chrome on Android')
    expect(html(pages['sessions-alone'])).not.toContain('<form')
  })

  it('derive a device name from the User-Agent', () => {
    const page = (agent: string): Page => ({
      kind: 'sessions',
      session: session('s1', agent),
      sessions: [],
      action: '/',
    })
    expect(html(page('curl/8.9.1'))).toContain('curl/8.9.1')
    expect(html(page(''))).toContain('Unknown device')
  })

  it('list emails with their codes, newest first', () => {
    const text = html(pages.mailbox)
    expect(text.indexOf('Your code is')).toBeLessThan(text.indexOf('Recover'))
    expect(text).toContain('482913</span>')
  })

  it('convert URLs in an email to links without the trailing period, and sandbox its HTML', () => {
    const text = html(pages.mail)
    expect(text).toMatch(/<a href="http:\/\/localhost:4000\/self-service\/verification\?code=482913&amp;flow=1">/)
    expect(text).toMatch(/<iframe[^>]*sandbox="allow-popups allow-popups-to-escape-sandbox"/)
    expect(text).not.toMatch(/allow-scripts|allow-same-origin/)
  })

  it('show an example request on the welcome page', () => {
    expect(html(pages.welcome)).toContain('Authorization: Bearer ory_pat_')
    expect(html(pages['welcome-again'])).toContain('npm run -s latchkey -- token create')
  })
})
