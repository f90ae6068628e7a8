import type { Route } from '../kernel/http/index.ts'
import { flowNames } from '../selfservice/index.ts'
import { asset, icon } from './assets.ts'
import { errorPage, noSuchPage } from './error.ts'
import { flowPage } from './flow.ts'
import { linkPage } from './link.ts'
import { logoutPage, signOut } from './logout.ts'
import { mailboxPage, mailPage } from './mailbox.ts'
import { consentPage, decideConsent } from './oauth2/consent.ts'
import { deviceDonePage, enterUserCode, userCodePage } from './oauth2/user-code.ts'
import { openApiDocument } from './openapi.ts'
import { passkeyUpgradePage } from './passkey-upgrade.ts'
import { endSessions, sessionsPage } from './sessions.ts'
import { asPage, inDevelopment } from './show.ts'
import { type FirstSteps, welcomePage } from './welcome.ts'

export interface PageOptions {
  /** Whether the mailbox and the welcome page are served. */
  dev: boolean
  firstSteps?: FirstSteps
}

/** The routes of the pages and their assets. Drop-in mode has none, like the originals. */
export function pageRoutes({ dev, firstSteps }: PageOptions): Route[] {
  return [
    ...flowNames.map((name) => page(`/ui/${name}`, (ctx, call) => flowPage(ctx, call, name))),
    page('/ui/error', errorPage),
    page('/ui/logout', logoutPage),
    { ...page('/ui/logout', signOut), method: 'POST', csrf: 'ignore' },
    page('/ui/consent', consentPage),
    { ...page('/ui/consent', decideConsent), method: 'POST', csrf: 'ignore' },
    page('/ui/device', userCodePage),
    { ...page('/ui/device', enterUserCode), method: 'POST', csrf: 'ignore' },
    page('/ui/device/done', deviceDonePage),
    page('/ui/link', linkPage),
    page('/ui/passkey', passkeyUpgradePage),
    page('/ui/sessions', sessionsPage),
    { ...page('/ui/sessions', endSessions), method: 'POST', csrf: 'ignore' },
    page('/ui/{page}', noSuchPage),
    file('/ui/assets/{file}', asset),
    file('/favicon.ico', icon),
    file('/openapi.json', openApiDocument),
    ...(dev ? developmentPages(firstSteps) : []),
  ]
}

function developmentPages(firstSteps: FirstSteps | undefined): Route[] {
  return [
    page(
      '/',
      inDevelopment((ctx, call) => welcomePage(ctx, call, firstSteps)),
    ),
    page('/dev/mailbox', inDevelopment(mailboxPage)),
    page('/dev/mailbox/{id}', inDevelopment(mailPage)),
  ]
}

/** Pages begin the flow that they show. */
function page(path: string, handle: Route['handle']): Route {
  return { method: 'GET', path, plane: 'public', csrf: 'set', changes: true, handle: asPage(handle) }
}

/** Files are the same for everybody, so they are served without cookies. */
function file(path: string, handle: Route['handle']): Route {
  return { method: 'GET', path, plane: 'public', csrf: 'off', handle }
}
