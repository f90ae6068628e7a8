import { ApiError } from '@latchkey/api'
import { expect } from 'vitest'
import type { Context } from '../src/kernel/context.ts'
import { tokenHash } from '../src/kernel/keys.ts'
import * as challenges from '../src/selfservice/ceremonies/store.ts'
import * as errors from '../src/selfservice/errors/store.ts'
import * as exchange from '../src/selfservice/exchange/store.ts'
import * as flows from '../src/selfservice/flow/store.ts'
import * as codes from '../src/selfservice/methods/code/store.ts'
import * as links from '../src/selfservice/methods/link/store.ts'
import * as oidc from '../src/selfservice/methods/oidc/store.ts'
import * as pendingChanges from '../src/selfservice/pending/store.ts'
import { email, type fill } from './filled-project.ts'

type Held = Awaited<ReturnType<typeof fill>>
const far = Date.UTC(2100, 0, 1)

/** A reference to a row of another project is a reference to nothing. */
export async function refused(work: Promise<unknown>): Promise<void> {
  await expect(work).rejects.toThrow(/foreign key/i)
}

async function unknownHere(work: Promise<unknown>): Promise<void> {
  await expect(work).rejects.toMatchObject({ httpStatus: 404 })
}

/** What one project could ask of another's flows. */
export const selfserviceCases: Record<
  string,
  { module: object; cases: Record<string, (ctx: Context, held: Held) => unknown> }
> = {
  'selfservice/flow/store.ts': {
    module: flows,
    cases: {
      findFlow: (ctx, { flow }) => flows.findFlow(ctx, flow.name, flow.id),
      insertFlow: (ctx, { flow }) => flows.insertFlow(ctx, { ...flow, state: 'success' }),
      saveFlow: (ctx, { flow }) => flows.saveFlow(ctx, { ...flow, state: 'success' }),
      saveSteps: (ctx, { flow }) =>
        flows.saveSteps(ctx, { ...flow, steps: { list: [[0, 'begun']], hasUnwritten: true } }),
      findAnyFlow: (ctx, { flow }) => flows.findAnyFlow(ctx, flow.id),
      deleteFlow: (ctx, { flow }) => flows.deleteFlow(ctx, flow),
      takeAttempt: (ctx, { flow }) => flows.takeAttempt(ctx, flow.id, 5),
      removeExpiredFlows: (ctx) => flows.removeExpiredFlows(ctx, far, 100),
    },
  },
  'selfservice/exchange/store.ts': {
    module: exchange,
    cases: {
      insertExchange: (ctx, { flow }) =>
        exchange.insertExchange(ctx, { flowId: flow.id, initHash: ctx.random.token(8), expiresAt: far }),
      fillExchange: (ctx, { flow }) =>
        exchange.fillExchange(ctx, flow.id, { returnToHash: 'hash', id: ctx.random.uuid(), sealedToken: 'sealed' }),
      findExchange: (ctx, { exchanged }) => exchange.findExchange(ctx, tokenHash(exchanged.init)),
      exchangeOfFlow: (ctx, { flow }) => exchange.exchangeOfFlow(ctx, flow.id),
      moveExchange: (ctx, { flow }) => exchange.moveExchange(ctx, flow.id, ctx.random.uuid()),
      removeExpiredExchanges: (ctx) => exchange.removeExpiredExchanges(ctx, far, 100),
    },
  },
  'selfservice/ceremonies/store.ts': {
    module: challenges,
    cases: {
      spendChallenge: async (ctx, { challenge }) => !(await challenges.spendChallenge(ctx, challenge, far)),
      removeSpentChallenges: (ctx) => challenges.removeSpentChallenges(ctx, far, 100),
    },
  },
  'selfservice/errors/store.ts': {
    module: errors,
    cases: {
      storeFlowError: async (ctx) => void (await errors.storeFlowError(ctx, ApiError.notFound())),
      readFlowError: (ctx, { error }) => unknownHere(errors.readFlowError(ctx, error)),
      findFlowError: (ctx, { error }) => errors.findFlowError(ctx, error),
      errorsOfFlow: (ctx, { flow }) => errors.errorsOfFlow(ctx, flow.id, 10),
      removeOldFlowErrors: (ctx) => errors.removeOldFlowErrors(ctx, far, 100),
    },
  },
  'selfservice/methods/code/store.ts': {
    module: codes,
    cases: {
      issueCode: async (ctx, { flow }) =>
        void (await codes.issueCode(ctx, flow.id, 'recovery', { via: 'email', address: email })),
      codeRecipient: (ctx, { flow }) => codes.codeRecipient(ctx, flow.id, 'recovery'),
      deleteCodes: (ctx, { flow }) => codes.deleteCodes(ctx, flow.id, 'recovery'),
      redeemCode: async (ctx, { flow, code }) => 'found' in (await codes.redeemCode(ctx, flow, 'recovery', code)),
      removeExpiredCodes: (ctx) => codes.removeExpiredCodes(ctx, far, 100),
    },
  },
  'selfservice/methods/oidc/store.ts': {
    module: oidc,
    cases: {
      insertAuthorizationRequest: (ctx, { authorization }) =>
        oidc.insertAuthorizationRequest(ctx, { ...authorization, sealed_data: 'other' }),
      findAuthorizationRequest: (ctx, { authorization }) =>
        oidc.findAuthorizationRequest(ctx, authorization.state_hash),
      takeAuthorizationRequest: (ctx, { authorization }) =>
        oidc.takeAuthorizationRequest(ctx, authorization.state_hash),
      removeExpiredAuthorizationRequests: (ctx) => oidc.removeExpiredAuthorizationRequests(ctx, far, 100),
    },
  },
  'selfservice/pending/store.ts': {
    module: pendingChanges,
    cases: {
      replacePendingChange: (ctx, { pending }) => refused(pendingChanges.replacePendingChange(ctx, pending)),
      findPendingChange: (ctx, { flow }) => pendingChanges.findPendingChange(ctx, flow.id),
      takePendingChange: (ctx, { flow }) => pendingChanges.takePendingChange(ctx, flow.id),
      removeExpiredPendingChanges: (ctx) => pendingChanges.removeExpiredPendingChanges(ctx, far, 100),
    },
  },
  'selfservice/methods/link/store.ts': {
    module: links,
    cases: {
      issueLinkToken: (ctx, { person, flow }) =>
        refused(
          links.issueLinkToken(ctx, 'recovery_link', {
            flowId: flow.id,
            identityId: person.document.id,
            via: 'email',
            address: email,
          }),
        ),
      redeemLinkToken: (ctx, { flow, link }) => links.redeemLinkToken(ctx, 'recovery_link', link, flow.id),
    },
  },
}
