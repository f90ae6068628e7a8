import type { Context } from '../kernel/context.ts'
import type { Client } from './clients/client.ts'
import { invalidTarget } from './errors.ts'
import { isAllowedAudience } from './scopes.ts'

/** A request with more is refused: each is compared with each audience of the client. */
const most = 20

/**
 * The protected resources that a request names (RFC 8707, section 2); none where resource indicators are off.
 * @throws invalid_target for one that is no absolute URI, or has a fragment
 */
function requestedResources({ config }: Pick<Context, 'config'>, parameters: URLSearchParams): string[] {
  if (!config.oauth2.oauth2.resource_indicators.enabled) return []
  const resources = [...new Set(parameters.getAll('resource').filter(Boolean))]
  if (resources.length > most) throw invalidTarget(`A request may name ${most} resources at most.`)
  if (!resources.every(isAbsoluteUri)) throw invalidTarget('Each resource must be an absolute URI without a fragment.')
  return resources
}

function isAbsoluteUri(text: string): boolean {
  return /^[a-z][a-z\d+.-]*:[^\s#]+$/i.test(text) && URL.canParse(text)
}

/**
 * The audiences of a request with its resources, which must be among those of the client, or be given already.
 * @throws invalid_target
 */
export function withResources(
  ctx: Pick<Context, 'config'>,
  client: Client,
  {
    parameters,
    audience,
    given = [],
  }: { parameters: URLSearchParams; audience: readonly string[]; given?: readonly string[] },
): string[] {
  const resources = requestedResources(ctx, parameters)
  if (!resources.every((resource) => given.includes(resource) || isAllowedAudience(client, resource)))
    throw invalidTarget('The client is not allowed to request one of the resources.')
  return [...new Set([...audience, ...resources])]
}

/**
 * The audience of an access token for the resources that a token request names, all of which were granted before
 * (RFC 8707, section 2.2); the whole granted audience if it names none.
 * @throws invalid_target
 */
export function narrowedAudience(
  ctx: Pick<Context, 'config'>,
  parameters: URLSearchParams,
  granted: readonly string[],
): readonly string[] {
  const resources = requestedResources(ctx, parameters)
  if (!resources.every((resource) => granted.includes(resource)))
    throw invalidTarget('One of the resources was not granted.')
  return resources.length > 0 ? resources : granted
}
