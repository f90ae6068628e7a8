import { ApiError, type UiNode, UpdateLoginFlowWithPasswordMethod, uiText } from '@latchkey/api'
import {
  changeIdentity,
  dummyVerify,
  findByIdentifier,
  hashPassword,
  type Identity,
  isCheaperThanConfigured,
  limitHashing,
  maxPasswordBytes,
  needsRehash,
  normalizePassword,
  type Turn,
  verifyPassword,
} from '../../../identity/index.ts'
import { normalizeIdentifier } from '../../../kernel/address.ts'
import type { Context } from '../../../kernel/context.ts'
import { hashingTurn } from '../../../limit/index.ts'
import type { Signed } from '../../../session/index.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { schemaOf } from '../../flow/identity-schema.ts'
import { limitAttempts } from '../../limits/index.ts'
import type { LoginStep, SignedInBy, SubmissionContext } from '../../method.ts'
import { input, methodButton } from '../../ui/nodes.ts'
import { identifierLabel } from '../../ui/traits.ts'
import { askPreviousSystem, awaitsMigration } from './migration.ts'
import { passwordField } from './nodes.ts'

/** Signing in with an identifier and a password. */
export const login: LoginStep<typeof UpdateLoginFlowWithPasswordMethod> = {
  body: UpdateLoginFlowWithPasswordMethod,
  usableBy: hasAnyPassword,
  nodes(ctx, flow, signed) {
    // Somebody who signs in again and has no password is not asked for one.
    if (flow.refresh && signed && !hasAnyPassword(signed.identity)) return withoutPassword(ctx, flow, signed)
    return [
      identifierField(ctx, flow, signed),
      passwordField('current-password'),
      methodButton('password', 'password', uiText(flow.refresh ? 1010001 : 1010022)),
    ]
  },
  decode(submission, { password: given, ...fields }) {
    // `password_identifier` is what older clients send.
    const identifier = fields.identifier || fields.password_identifier
    submission.submittedValues.set('identifier', identifier)
    const missing = [...(identifier ? [] : ['identifier']), ...(given ? [] : ['password'])]
    if (missing.length > 0) {
      throw new FlowError({
        fields: missing.map((field) => ({ field, message: uiText(4000002, { property: field }) })),
      })
    }
    return () => verify(submission, identifier, given)
  },
}

function hasAnyPassword(identity: Identity): boolean {
  return typeof identity.credentials.password?.config.hashed_password === 'string' || awaitsMigration(identity)
}

/** Codes need the field for the identifier too. */
function withoutPassword(ctx: Context, flow: Flow, signed: Signed): UiNode[] {
  const { passwordless_enabled: hasCodes } = ctx.config.identity.selfservice.methods.code
  return hasCodes ? [identifierField(ctx, flow, signed)] : []
}

/**
 * A person who signs in again is known, so that the identifier is filled in and hidden. As in Kratos, it is asked for if
 * codes can be used instead, for which it says where to send one.
 */
function identifierField(ctx: Context, flow: Flow, signed: Signed | undefined): UiNode {
  const [own] = signed?.identity.credentials.password?.identifiers ?? []
  const isKnown = flow.refresh && own !== undefined
  if (isKnown && !ctx.config.identity.selfservice.methods.code.passwordless_enabled)
    return input('identifier', 'default', 'hidden', { value: own })
  const label = identifierLabel(ctx, schemaOf(ctx, flow))
  return input('identifier', 'default', 'text', { required: true, value: '', label })
}

/** Unknown people and wrong passwords get the same answer after the same time. */
async function verify(submission: SubmissionContext, identifier: string, given: string): Promise<SignedInBy> {
  const { ctx, request } = submission
  const turn = hashingTurn(request)
  await limitHashing.requireRoom(turn)
  const identity = await findByIdentifier(ctx, 'password', normalizeIdentifier(identifier))
  const isOwner = await limitAttempts(
    submission,
    {
      proof: 'password',
      account: identity ? { identityId: identity.document.id } : { typed: identifier },
    },
    () => isPassword(submission, identity, { identifier, given, turn }),
    (correct) => (correct === true ? 'succeeded' : 'failed'),
  )
  if (isOwner instanceof ApiError) throw isOwner
  if (!identity || !isOwner) throw new FlowError({ messages: [uiText(4000006)] })
  return { identity, proof: { method: 'password', aal: 'aal1' } }
}

interface Guess {
  identifier: string
  given: string
  turn: Turn
}

/** Whether it is the password of the identity, or of its account in the previous system; an error if that is unknown. */
async function isPassword(
  submission: SubmissionContext,
  identity: Identity | undefined,
  { identifier, given, turn }: Guess,
): Promise<boolean | ApiError> {
  const { ctx } = submission
  const { enabled, config: hook } = ctx.config.identity.selfservice.methods.password.config.migrate_hook
  if (!identity || !enabled || !hook || !awaitsMigration(identity)) return hasPassword(ctx, identity, given, turn)
  const matches = await askPreviousSystem(submission, hook, { identity, identifier, password: given })
  if (matches === true) await replaceHash(ctx, identity, { given, before: undefined }, turn)
  return matches
}

/** Whether it is the password of the identity, which may be unknown. */
async function hasPassword(ctx: Context, identity: Identity | undefined, given: string, turn: Turn): Promise<boolean> {
  const hash = identity?.credentials.password?.config.hashed_password
  if (!identity || typeof hash !== 'string') {
    await dummyVerify(ctx, given, turn)
    return false
  }
  if (!(await verifyPassword(given, hash, turn))) {
    // Imported hashes can be cheap or malformed, which must not be visible either.
    if (isCheaperThanConfigured(ctx, hash)) await dummyVerify(ctx, given, turn)
    return false
  }
  if (needsRehash(hash, ctx.config.identity.hashers)) await replaceHash(ctx, identity, { given, before: hash }, turn)
  return true
}

/**
 * Replaces an imported hash by one of the configured kind, or stores the first one after a migration, unless somebody
 * changed it meanwhile. A password that is too long for the hash is accepted and not stored.
 */
async function replaceHash(
  ctx: Context,
  { document }: Identity,
  { given, before }: { given: string; before: string | undefined },
  turn: Turn,
): Promise<void> {
  const { hashers } = ctx.config.identity
  if (Buffer.byteLength(normalizePassword(given)) > maxPasswordBytes(hashers)) return
  const hashed = await hashPassword(ctx, given, turn)
  await changeIdentity(ctx, document.id, (identity) => {
    const credential = identity.credentials.password
    if (!credential || credential.config.hashed_password !== before) return identity
    if (before === undefined && !awaitsMigration(identity)) return identity
    const { use_password_migration_hook: _, ...config } = credential.config
    const password = { ...credential, config: { ...config, hashed_password: hashed } }
    return { ...identity, credentials: { ...identity.credentials, password } }
  })
}
