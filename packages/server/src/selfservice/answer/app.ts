import type { ContinueWith } from '@latchkey/api'
import { publicView } from '../../identity/index.ts'
import { json, redirect } from '../../kernel/http/index.ts'
import { flowView } from '../flow/view.ts'
import type { Answers } from './answers.ts'
import { asJson } from './as-json.ts'
import { recoveredBody } from './recovered-body.ts'
import { sessionBody } from './session-body.ts'

/** How native apps are answered: JSON, with tokens in the place of cookies. */
export const app: Answers = {
  ...asJson,
  signedIn(ctx, { session, devices, token, identity, continueWith, secondFactorUrl, exchangeUrl }) {
    if (exchangeUrl) return redirect(exchangeUrl)
    // A session that is not strong enough yet does not tell whose it is.
    const owner = secondFactorUrl ? undefined : identity
    return json(200, {
      continue_with: listOrNull(continueWith),
      session: sessionBody(ctx, session, { identity: owner, devices }),
      session_token: token,
    })
  },
  registered(ctx, { identity, issued, continueWith, exchangeUrl }) {
    const shown = publicView(ctx, identity)
    if (!issued) return json(200, { identity: shown, continue_with: listOrNull(continueWith) })
    if (exchangeUrl) return redirect(exchangeUrl)
    return json(200, {
      session_token: issued.token,
      session: sessionBody(ctx, issued.session, { identity }),
      identity: shown,
      continue_with: [setToken(issued.token), ...continueWith],
    })
  },
  settingsChanged(ctx, { flow, identity, continueWith, cookies }) {
    const shown = continueWith.length > 0 ? { ...flow, continueWith } : flow
    return json(200, flowView(shown, publicView(ctx, identity)), { cookies })
  },
  recovered: (ctx, outcome) => json(200, recoveredBody(ctx, outcome, [setToken(outcome.token)])),
}

function setToken(token: string): ContinueWith {
  return { action: 'set_ory_session_token', ory_session_token: token }
}

/** Kratos writes null for an empty list here, which its own document does not declare. */
function listOrNull(continueWith: ContinueWith[]): ContinueWith[] | undefined {
  return continueWith.length > 0 ? continueWith : (null as unknown as undefined)
}
