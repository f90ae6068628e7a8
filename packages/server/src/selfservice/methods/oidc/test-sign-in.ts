import { ApiError, type LoginFlowTestDebugPayload, type LoginFlowTestStepError } from '@latchkey/api'
import { compiledSchema, violationMessages } from '../../../identity/index.ts'
import { isTree } from '../../../kernel/config/walk.ts'
import type { Context } from '../../../kernel/context.ts'
import { JsonnetError } from '../../../kernel/jsonnet/index.ts'
import type { ProviderConfig } from './config.ts'
import { evaluateMapper, mappedIdentity } from './mapper.ts'
import { mapperClaims } from './providers/claims.ts'
import type { Vouched } from './providers/provider.ts'

/**
 * What a sign-in at a provider shows, step by step, without signing anybody in. It has the claims and what the mapper
 * makes of them, and no tokens.
 */
export async function describeSignIn(
  ctx: Context,
  { config, schemaId }: { config: ProviderConfig; schemaId: string },
  complete: () => Promise<Vouched>,
): Promise<LoginFlowTestDebugPayload> {
  const shown: LoginFlowTestDebugPayload = { jsonnet_mapper_url: config.mapper_url }
  try {
    const { claims, said = {} } = await complete()
    if (said.idToken) shown.id_token_claims = said.idToken
    if (said.userinfo) shown.userinfo = said.userinfo
    shown.jsonnet_input = { ...mapperClaims(claims) }
    const output = await evaluateMapper(ctx, config, claims)
    if (isTree(output)) shown.jsonnet_output = output
    const { traits } = mappedIdentity(config, output)
    const wrong = violationMessages(compiledSchema(ctx, schemaId).validate(traits))
    if (wrong.length === 0) return shown
    const errors = wrong.map(({ field, message }) => ({
      path: `/${field.split('.').join('/')}`,
      message: message.text,
    }))
    const error = { step: 'schema_validate', reason: 'traits_invalid', message: 'The traits do not fit their schema.' }
    return { ...shown, schema_validation_errors: errors, error }
  } catch (error) {
    if (error instanceof JsonnetError) shown.jsonnet_stderr = error.message
    return { ...shown, error: stepError(error, shown) }
  }
}

function stepError(error: unknown, { jsonnet_input: input }: LoginFlowTestDebugPayload): LoginFlowTestStepError {
  if (error instanceof JsonnetError)
    return { step: 'jsonnet_evaluate', reason: 'mapper_failed', message: error.message }
  if (!(error instanceof ApiError)) throw error
  const message = error.reason ?? error.message
  if (input) return { step: 'jsonnet_evaluate', reason: 'result_invalid', message }
  if (error.httpStatus !== 400) return { step: 'token_exchange', reason: 'upstream_error', message }
  const { refusal } = error.details ?? {}
  return typeof refusal === 'string'
    ? { step: 'authorize', reason: refusal, message }
    : { step: 'claims_decode', reason: 'id_token_invalid', message }
}
