import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { parseJson } from '../../kernel/http/index.ts'
import { applyPatch, PatchError, readPatch } from '../../kernel/json-patch.ts'
import { deleteConsents } from '../consent/store.ts'
import { deletePushedRequestsOf } from '../par/store.ts'
import { deleteGrantsOfClient } from '../token/store.ts'
import { checkClient } from './check.ts'
import type { Client, ClientMetadata } from './client.ts'
import { roundedNow } from './create.ts'
import { type GivenClient, givenClient, parseLifespans } from './parse.ts'
import { generateSecret, hashSecret } from './secrets.ts'
import { deleteClientRow, findClient, updateClient } from './store.ts'
import { clientView } from './view.ts'

/** Earlier secrets that stay valid. */
const mostRotated = 5

export function clientNotFound(): ApiError {
  return ApiError.notFound({ message: 'The client was not found.' })
}

export async function requireClient(ctx: Context, id: string): Promise<Client> {
  const client = await findClient(ctx, id)
  if (!client) throw clientNotFound()
  return client
}

export interface ReplaceOptions {
  check?: (ctx: Context, given: GivenClient) => Promise<ClientMetadata>
  /** The hash of a new registration access token. */
  registrationTokenHash?: string
}

/** Replaces the metadata of a client. Its secret stays unless a new one is given. */
export async function replaceClient(
  ctx: Context,
  id: string,
  given: GivenClient,
  { check = checkClient, registrationTokenHash }: ReplaceOptions = {},
): Promise<Client> {
  const metadata = await check(ctx, given)
  const secretHash = given.secret ? await hashSecret(ctx, given.secret) : undefined
  return ctx.transaction(async (tx) => {
    const before = await requireClient(tx, id)
    const client: Client = {
      ...before,
      metadata,
      // A secret that is replaced is not valid any more, and neither are those before it.
      ...(secretHash && { secretHash, rotatedSecretHashes: [] }),
      ...(registrationTokenHash && { registrationTokenHash }),
      updatedAt: roundedNow(ctx),
    }
    await updateClient(tx, client)
    return client
  })
}

const refuse = (what: string) => ApiError.badRequest({ reason: `The patch cannot be applied: ${what}.` })

/** Changes a client with a JSON Patch (RFC 6902). The client is looked for first, as in Hydra. */
export async function patchClient(
  ctx: Context,
  id: string,
  patchText: string,
): Promise<{ client: Client; secret: string }> {
  const before = await requireClient(ctx, id)
  const patch = parseJson(patchText, (reason) => ApiError.badRequest({ reason }))
  const given = givenClient(applyTo(clientView(before), patch))
  if (given.id !== id) throw clientNotFound()
  return { client: await replaceClient(ctx, id, given), secret: given.secret }
}

function applyTo(document: object, patch: unknown): unknown {
  try {
    return applyPatch({ ...document }, readPatch(patch, ['/id']))
  } catch (error) {
    if (error instanceof PatchError) throw refuse(error.message)
    throw error
  }
}

export async function setLifespans(ctx: Context, id: string, text: string): Promise<Client> {
  const before = await requireClient(ctx, id)
  const lifespans = parseLifespans(text)
  return replaceClient(ctx, id, { id, secret: '', metadata: { ...before.metadata, ...lifespans } })
}

/** Deletes a client with its consents. Its tokens are not active any more. */
export async function deleteClient(ctx: Context, id: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    if (!(await deleteClientRow(tx, id))) throw clientNotFound()
    await deleteConsents(tx, { clientId: id })
    await deleteGrantsOfClient(tx, id)
    await deletePushedRequestsOf(tx, id)
  })
}

/** Generates a new secret; the earlier ones, up to five, stay valid. */
export async function rotateSecret(ctx: Context, id: string): Promise<{ client: Client; secret: string }> {
  const { secret, hash } = generateSecret(ctx)
  const client = await ctx.transaction(async (tx) => {
    const before = await requireClient(tx, id)
    const rotated = [before.secretHash, ...before.rotatedSecretHashes].slice(0, mostRotated)
    const after = { ...before, secretHash: hash, rotatedSecretHashes: rotated, updatedAt: roundedNow(ctx) }
    await updateClient(tx, after)
    return after
  })
  return { client, secret }
}

/** Invalidates the earlier secrets. */
export async function deleteRotatedSecrets(ctx: Context, id: string): Promise<Client> {
  return ctx.transaction(async (tx) => {
    const after = { ...(await requireClient(tx, id)), rotatedSecretHashes: [], updatedAt: roundedNow(ctx) }
    await updateClient(tx, after)
    return after
  })
}
