import type { IdentityConfig } from '../kernel/config/index.ts'
import type { Context } from '../kernel/context.ts'
import { bodyBySnippet, hasSnippet, placeOfFailure } from '../kernel/jsonnet/body-snippets.ts'
import { JsonnetError } from '../kernel/jsonnet/index.ts'
import { DeliveryError } from './channel.ts'

export type RequestConfig = NonNullable<IdentityConfig['courier']['http']['request_config']>

/** The body of the request that delivers a message: what the snippet makes of its data, or the data as JSON. */
export async function requestBody(ctx: Context, config: RequestConfig, data: object): Promise<string> {
  if (!hasSnippet(config)) return JSON.stringify(data)
  const body = await bodyBySnippet(ctx, config, data).catch((error: unknown) => {
    if (!(error instanceof JsonnetError)) throw error
    throw new DeliveryError(`the Jsonnet of the request failed${placeOfFailure(error)}`)
  })
  if (body === undefined) throw new DeliveryError('the Jsonnet of the request canceled it', { permanent: true })
  return body
}
