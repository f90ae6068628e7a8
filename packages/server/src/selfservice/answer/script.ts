import { ApiError, type ContinueWith } from '@latchkey/api'
import { publicView } from '../../identity/index.ts'
import { json, jsonText } from '../../kernel/http/index.ts'
import { sessionCookie } from '../../session/index.ts'
import { flowView } from '../flow/view.ts'
import type { Answers } from './answers.ts'
import { asJson } from './as-json.ts'
import { recoveredBody } from './recovered-body.ts'
import { sessionBody } from './session-body.ts'

/** How the scripts of pages are answered: JSON and cookies, and where the browser is to go. */
export const script: Answers = {
  ...asJson,
  signedIn(ctx, outcome) {
    const { session, devices, token, identity, continueWith, location } = outcome
    const cookies = [sessionCookie(ctx, token), ...outcome.cookies]
    const elsewhere = outcome.secondFactorUrl ?? outcome.authorizationUrl
    if (elsewhere) return jsonText(422, JSON.stringify(ApiError.locationChangeRequired(elsewhere)), { cookies })
    const body = sessionBody(ctx, session, { identity, devices })
    return json(200, { continue_with: [...continueWith, goTo(location)], session: body }, { cookies })
  },
  registered(ctx, { identity, issued, continueWith, location, verificationUrl, authorizationUrl, cookies: others }) {
    const shown = publicView(ctx, identity)
    const session = issued && sessionBody(ctx, issued.session, { identity })
    const cookies = issued ? [sessionCookie(ctx, issued.token), ...others] : []
    // As in Kratos, the authorization comes last, and after a verification it is the page of that which goes on.
    const next =
      authorizationUrl && !verificationUrl
        ? [...continueWith, goTo(authorizationUrl)]
        : [goTo(location), ...continueWith]
    const body = { ...(session && { session }), identity: shown, continue_with: next }
    return json(200, body, { cookies })
  },
  settingsChanged(ctx, { flow, identity, continueWith, location, cookies }) {
    const shown = { ...flow, continueWith: [...continueWith, goTo(location)] }
    return json(200, flowView(shown, publicView(ctx, identity)), { cookies })
  },
  recovered: (ctx, outcome) => json(200, recoveredBody(ctx, outcome), { cookies: [sessionCookie(ctx, outcome.token)] }),
}

function goTo(location: string): ContinueWith {
  return { action: 'redirect_browser_to', redirect_browser_to: location }
}
