import { ApiError, type Session as ApiSession } from '@latchkey/api'
import { signJwt } from '../../jwk/index.ts'
import { isTree, type Tree } from '../../kernel/config/walk.ts'
import type { Context } from '../../kernel/context.ts'
import { evaluateJsonnet, JsonnetError } from '../../kernel/jsonnet/index.ts'
import { mapperName, type TokenTemplate, templateSources } from './load.ts'

/** Issues a session as a JSON Web Token, with the claims of Kratos. The session is given as its JSON. */
export async function tokenizeSession(ctx: Context, name: string, sessionText: string): Promise<string> {
  const { templates = {} } = ctx.config.identity.session.whoami.tokenizer ?? {}
  const template = Object.hasOwn(templates, name) ? templates[name] : undefined
  if (!template) throw ApiError.badRequest({ reason: `There is no token template called ${JSON.stringify(name)}.` })
  const { key, mapper } = templateSources(ctx, template)
  const session = JSON.parse(sessionText) as ApiSession
  const sub = subjectOf(session, template)
  const now = ctx.clock.now()
  const claims = {
    exp: unixSeconds(now + template.ttl),
    iat: unixSeconds(now),
    iss: ctx.config.identity.serve.public.base_url,
    jti: ctx.random.uuid(),
    nbf: unixSeconds(now),
    sid: session.id,
    sub,
    ...actorClaim(session),
  }
  if (mapper === undefined) return signJwt(key, claims)
  const variables = { claims: JSON.stringify(claims), session: sessionText }
  // A mapper can replace every claim but those that say whose session it is and who acts in it.
  return signJwt(key, {
    ...claims,
    ...(await mappedClaims(ctx, name, mapper, variables)),
    sub,
    ...actorClaim(session),
  })
}

/** RFC 8693, section 4.1. The reason stays with the session. */
function actorClaim({ act }: ApiSession): { act?: { sub: string } } {
  return act ? { act: { sub: act.sub } } : {}
}

function subjectOf({ identity }: ApiSession, { subject_source: source }: TokenTemplate): string | undefined {
  if (source === 'id') return identity?.id
  const { external_id: externalId } = identity ?? {}
  if (externalId) return externalId
  throw ApiError.badRequest({ reason: 'The subject of the token is an external ID, and the identity has none.' })
}

async function mappedClaims(
  ctx: Context,
  template: string,
  mapper: string,
  variables: Record<string, string>,
): Promise<Tree> {
  const snippet = { name: mapperName, text: mapper }
  const output = await evaluateJsonnet(snippet, { owner: ctx.project.id, variables }).catch((error: unknown) => {
    if (!(error instanceof JsonnetError)) throw error
    ctx.log.warn({ template, reason: error.message }, 'the claims mapper failed')
    throw ApiError.badRequest({ reason: `The claims mapper of the token template ${JSON.stringify(template)} failed.` })
  })
  const result: unknown = JSON.parse(output)
  if (isTree(result) && isTree(result.claims)) return result.claims
  const reason = `The claims mapper of the token template ${JSON.stringify(template)} returned no object "claims".`
  throw ApiError.badRequest({ reason })
}

function unixSeconds(ms: number): number {
  return Math.floor(ms / 1000)
}
