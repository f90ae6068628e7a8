import { ApiError } from '@latchkey/api'
import { publicView } from '../../identity/index.ts'
import { json, jsonText, redirect } from '../../kernel/http/index.ts'
import { formJson, withFormJson } from '../flow/form-json.ts'
import { flowView } from '../flow/view.ts'
import type { Answers } from './answers.ts'

/** What apps and scripts are answered alike: the flow, or the error. */
export const asJson: Pick<
  Answers,
  'begun' | 'shown' | 'left' | 'replaced' | 'refused' | 'redirected' | 'changeDeferred'
> = {
  begun: (ctx, { flow, identity }) =>
    jsonText(200, withFormJson(flowView(flow, identity && publicView(ctx, identity)), formJson(flow.ui))),
  shown: (ctx, { flow, status, identity }) => json(status, flowView(flow, identity && publicView(ctx, identity))),
  left: (_ctx, { location, cookies }) =>
    jsonText(422, JSON.stringify(ApiError.locationChangeRequired(location)), { cookies }),
  replaced: (_ctx, { error }) => {
    throw error
  },
  refused: (_ctx, { error, cookies }) => {
    if (!cookies) throw error
    return jsonText(error.httpStatus, JSON.stringify(error), { cookies })
  },
  changeDeferred: (ctx, { flow, identity, continueWith, cookies }) =>
    json(200, flowView({ ...flow, continueWith }, publicView(ctx, identity)), { cookies }),
  redirected: (_ctx, { location, redirectStatus, cookies }) => redirect(location, redirectStatus, { cookies }),
}
