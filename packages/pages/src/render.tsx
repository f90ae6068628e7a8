import { renderToString } from 'preact-render-to-string'
import type { Page, View } from './page.ts'
import { ConsentPage } from './pages/consent.tsx'
import { ErrorPage } from './pages/error.tsx'
import { FlowPage } from './pages/flow.tsx'
import { LinkPage } from './pages/link.tsx'
import { LogoutPage } from './pages/logout.tsx'
import { MailPage } from './pages/mail.tsx'
import { MailboxPage } from './pages/mailbox.tsx'
import { PasskeyUpgradePage } from './pages/passkey-upgrade.tsx'
import { SessionsPage } from './pages/sessions.tsx'
import { SettingsPage } from './pages/settings.tsx'
import { UserCodePage } from './pages/user-code.tsx'
import { WelcomePage } from './pages/welcome.tsx'

/**
 * Renders a page as an HTML document. It has no inline script or style, works without JavaScript, and needs the files
 * of `assets` (and `themeStylesheet` for the theme of the view) under the base path of the view. Serve it with
 * `contentSecurityPolicy`.
 */
export function renderPage(page: Page, view: View): string {
  return `<!doctype html>${renderToString(content(page, view))}`
}

function content(page: Page, view: View) {
  switch (page.kind) {
    case 'settings':
      return <SettingsPage flow={page.flow} view={view} restarted={page.restarted} />
    case 'error':
      return <ErrorPage error={page.error} view={view} />
    case 'logout':
      return <LogoutPage page={page} view={view} />
    case 'consent':
      return <ConsentPage page={page} view={view} />
    case 'user-code':
      return <UserCodePage page={page} view={view} />
    case 'link':
      return <LinkPage page={page} view={view} />
    case 'passkey-upgrade':
      return <PasskeyUpgradePage flow={page.flow} next={page.next} view={view} />
    case 'sessions':
      return <SessionsPage page={page} view={view} />
    case 'welcome':
      return <WelcomePage page={page} view={view} />
    case 'mailbox':
      return <MailboxPage messages={page.messages} url={page.url} view={view} />
    case 'mail':
      return <MailPage message={page.message} mailboxUrl={page.mailboxUrl} view={view} />
    default:
      return <FlowPage kind={page.kind} flow={page.flow} view={view} restarted={page.restarted} />
  }
}
