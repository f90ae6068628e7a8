import { redirect } from '../../kernel/http/index.ts'
import { sessionCookie } from '../../session/index.ts'
import { pageUrl } from '../flow/urls.ts'
import type { Answers } from './answers.ts'

/** How browsers are answered: with a redirect to the page that comes next. */
export const browser: Answers = {
  begun: (ctx, { flow }) => redirect(pageUrl(ctx, flow)),
  shown: (ctx, { flow, redirectStatus, location }) => redirect(location ?? pageUrl(ctx, flow), redirectStatus),
  left: (_ctx, { location, cookies }) => redirect(location, 303, { cookies }),
  replaced: (ctx, { fresh }) => redirect(pageUrl(ctx, fresh)),
  refused: (_ctx, { location, redirectStatus, cookies }) => redirect(location, redirectStatus, { cookies }),
  redirected: (_ctx, { location, redirectStatus, cookies }) => redirect(location, redirectStatus, { cookies }),
  signedIn: (ctx, { token, location, secondFactorUrl, authorizationUrl, cookies }) =>
    redirect(secondFactorUrl ?? authorizationUrl ?? location, 303, {
      cookies: [sessionCookie(ctx, token), ...cookies],
    }),
  registered: (ctx, { issued, location, verificationUrl, authorizationUrl, cookies: others }) => {
    const cookies = issued ? [sessionCookie(ctx, issued.token), ...others] : []
    return redirect(verificationUrl ?? authorizationUrl ?? location, 303, { cookies })
  },
  settingsChanged: (_ctx, { location, cookies }) => redirect(location, 303, { cookies }),
  changeDeferred: (_ctx, { location, cookies }) => redirect(location, 303, { cookies }),
  recovered: (ctx, { token, settings }) =>
    redirect(pageUrl(ctx, settings), 303, { cookies: [sessionCookie(ctx, token)] }),
}
