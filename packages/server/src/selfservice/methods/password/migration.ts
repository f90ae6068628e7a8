import { ApiError } from '@latchkey/api'
import type { Identity } from '../../../identity/index.ts'
import { parseJson } from '../../../kernel/http/index.ts'
import { bodyBySnippet, hasSnippet, placeOfFailure } from '../../../kernel/jsonnet/body-snippets.ts'
import { JsonnetError } from '../../../kernel/jsonnet/index.ts'
import { outgoingHeaders } from '../../../kernel/outgoing-headers.ts'
import type { SubmissionContext } from '../../method.ts'
import { allData } from '../../outgoing/data.ts'
import { deliver } from '../../outgoing/delivery.ts'
import type { MigrationHookConfig } from './config.ts'

const name = 'password migration'
/** More than an answer needs; as in Kratos, a longer one is no match. */
const maxAnswerBytes = 1024
const forbidden = 403

interface Attempt {
  identity: Identity
  identifier: string
  password: string
}

/** Whether the password of an identity is not stored yet but known to the previous system. */
export function awaitsMigration({ credentials }: Identity): boolean {
  const { hashed_password: hash, use_password_migration_hook: migrates } = credentials.password?.config ?? {}
  return !hash && migrates === true
}

/**
 * Asks the previous system whether a password is right, as the password migration hook of Kratos does: 200 with
 * `{"status":"password_match"}` means yes, 403 and any other 200 mean no. Returns an error (502) if there is no answer.
 */
export async function askPreviousSystem(
  submission: SubmissionContext,
  config: MigrationHookConfig,
  attempt: Attempt,
): Promise<boolean | ApiError> {
  const { ctx, flow } = submission
  const body = await bodyOf(submission, config, attempt)
  if (body === undefined) return ApiError.upstream('The previous system was not asked about the password.')
  const headers = outgoingHeaders(config)
  const init = { method: 'POST', headers, body, maxRedirects: 0 }
  const result = await deliver(ctx, { url: config.url ?? '', init, name, flow: flow.name, negative: forbidden })
  if (!('answer' in result)) return ApiError.upstream('The previous system could not be reached.')
  const { status, text } = result.answer
  if (status === forbidden) return false
  if (status !== 200) return ApiError.upstream('The previous system gave an answer that cannot be used.')
  return isMatch(text)
}

async function bodyOf(
  submission: SubmissionContext,
  config: MigrationHookConfig,
  { identity, identifier, password }: Attempt,
): Promise<string | undefined> {
  if (!hasSnippet(config)) return JSON.stringify({ identifier, password })
  try {
    return await bodyBySnippet(submission.ctx, config, { ...allData(submission, identity), identifier, password })
  } catch (error) {
    if (!(error instanceof JsonnetError)) throw error
    submission.ctx.log.warn(`the body of the ${name} hook cannot be made${placeOfFailure(error)}`)
    throw ApiError.internal()
  }
}

function isMatch(text: string): boolean {
  if (Buffer.byteLength(text) > maxAnswerBytes) return false
  try {
    return (parseJson(text) as { status?: unknown } | null)?.status === 'password_match'
  } catch {
    return false
  }
}
