import type { OAuth2ConsentSession } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { keysetLinks, keysetPage } from '../../kernel/http/keyset-pages.ts'
import { findClient } from '../clients/store.ts'
import { clientView } from '../clients/view.ts'
import { invalidRequest } from '../errors.ts'
import { endSessionById } from '../logout/end.ts'
import { deleteSessionsOf } from '../sessions/store.ts'
import { deleteFamilies } from '../token/store.ts'
import { consentSession } from './accept.ts'
import { deleteConsents, listConsents } from './store.ts'

const path = '/admin/oauth2/auth/sessions/consent'
const listing = { name: 'oauth2 consents', size: 100, largest: 500, refuse: invalidRequest }

/** What a person has granted and what is still in force. As in Hydra, an empty list has no Link header. */
export async function listConsentSessions(
  ctx: Context,
  search: URLSearchParams,
): Promise<{ sessions: OAuth2ConsentSession[]; link: string | undefined }> {
  const subject = search.get('subject') ?? ''
  if (subject === '') throw invalidRequest('The parameter subject is missing.')
  const page = keysetPage(ctx, search, listing)
  const loginSessionId = search.get('login_session_id') || undefined
  const found = await listConsents(ctx, { subject, loginSessionId }, page)
  if (found.length === 0) return { sessions: [], link: undefined }
  const shown = found.slice(0, page.size)
  const next = found.length > page.size ? shown.at(-1)?.consent?.id : undefined
  const clients = await Promise.all(shown.map(({ clientId }) => findClient(ctx, clientId)))
  return {
    sessions: shown.map((flow, i) => consentSession(flow, clients[i] && clientView(clients[i]))),
    link: keysetLinks(ctx, listing, { path, search, size: page.size, ...(next !== undefined && { next }) }),
  }
}

/** Revokes consents with the tokens that they led to: one, those for a client, or all of a person. */
export async function revokeConsentSessions(ctx: Context, search: URLSearchParams): Promise<void> {
  const id = search.get('consent_request_id') ?? ''
  const subject = search.get('subject') ?? ''
  const clientId = search.get('client') ?? ''
  const all = search.get('all') === 'true'
  const isOne = id !== '' && subject === '' && clientId === ''
  const isClient = id === '' && subject !== '' && clientId !== '' && !all
  const isAll = id === '' && subject !== '' && clientId === '' && all
  if (!isOne && !isClient && !isAll) throw invalidRequest('The parameters do not say which consents are meant.')
  await ctx.transaction(async (tx) => {
    const ids = await deleteConsents(tx, { ...(isOne ? { id } : { subject }), ...(isClient && { clientId }) })
    await deleteFamilies(tx, ids)
  })
}

/** Ends login sessions. The clients of one that is named by its id are told. */
export async function revokeLoginSessions(ctx: Context, search: URLSearchParams): Promise<void> {
  const sid = search.get('sid') ?? ''
  const subject = search.get('subject') ?? ''
  if (sid !== '') return endSessionById(ctx, sid)
  if (subject === '') throw invalidRequest('Either the parameter subject or the parameter sid is needed.')
  await deleteSessionsOf(ctx, subject)
}
