import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { openText, sealText } from '../../kernel/seal.ts'
import { accessDenied, requestUnauthorized } from '../errors.ts'
import type { Flow } from './flow.ts'

/** What an encrypted flow is good for: each is refused in place of the others. */
export type Purpose =
  | 'login challenge'
  | 'login verifier'
  | 'consent challenge'
  | 'consent verifier'
  | 'device challenge'
  | 'device verifier'

/** Longer texts are no flows of ours: a URL that contains one has less than this. */
const maxLength = 64 << 10
const keyPurpose = 'oauth2 flow'

export function sealFlow(ctx: Context, flow: Flow, purpose: Purpose): string {
  // Compressed, because it becomes part of a URL.
  const text = deflateRawSync(JSON.stringify(flow)).toString('latin1')
  return sealText(ctx.random, ctx.keys.derive(keyPurpose), placeOf(ctx, purpose), text)
}

/** @throws 404 for a text that is no challenge, 401 for one that has expired */
export function openChallenge(ctx: Context, text: string, purpose: Purpose): Flow {
  const flow = open(ctx, text, purpose)
  if (!flow) throw ApiError.notFound({ message: 'The request was not found.', reason: `The ${purpose} is not valid.` })
  return flow
}

/** @throws 403 access_denied for a text that is no verifier, 401 for one that has expired */
export function openVerifier(ctx: Context, text: string, purpose: Purpose): Flow {
  const flow = open(ctx, text, purpose)
  if (!flow) throw accessDenied(`The ${purpose} was used before, was not granted, or is not valid.`)
  return flow
}

function open(ctx: Context, text: string, purpose: Purpose): Flow | undefined {
  if (text.length > maxLength) return undefined
  const packed = openText(ctx.keys.deriveAll(keyPurpose), placeOf(ctx, purpose), text)
  if (packed === undefined) return undefined
  const flow = JSON.parse(inflateRawSync(Buffer.from(packed, 'latin1')).toString('utf8')) as Flow
  if (flow.requestedAt + ctx.config.oauth2.ttl.login_consent_request < ctx.clock.now())
    throw requestUnauthorized(`The ${purpose} has expired. Please try again.`)
  return flow
}

function placeOf({ project }: Context, purpose: Purpose): string {
  return `${project.id}/${purpose}`
}
