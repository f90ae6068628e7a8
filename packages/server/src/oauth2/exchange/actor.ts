import type { Context } from '../../kernel/context.ts'
import { invalidRequest } from '../errors.ts'
import type { Actor, Grant } from '../token/grant.ts'
import type { TokenRequest } from '../token/grants/handler.ts'
import { findToken } from './subject-token.ts'

/** More parties in a row are refused, so that tokens stay small. */
const mostActors = 8

/**
 * The subject of the actor token, which must be of the client; without one, the client itself. So each token that was
 * exchanged names who acts.
 * @throws invalid_request
 */
export async function actorOf(ctx: Context, { client, form }: TokenRequest, subject: Grant): Promise<Actor> {
  const found = await findToken(ctx, form, 'actor')
  if (found && found.grant.clientId !== client.id) throw invalidRequest('The actor_token was not issued to the client.')
  if (countActors(subject.actor) >= mostActors)
    throw invalidRequest(`A token may pass through ${mostActors} parties at most.`)
  return { sub: found?.grant.subject ?? client.id, ...(subject.actor && { act: subject.actor }) }
}

function countActors(actor: Actor | undefined): number {
  return actor ? 1 + countActors(actor.act) : 0
}
