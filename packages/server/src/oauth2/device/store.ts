import { isUniqueViolation } from '../../db/index.ts'
import type { Context } from '../../kernel/context.ts'
import { openText, sealText } from '../../kernel/seal.ts'
import type { Grant } from '../token/grant.ts'
import type { OAuth2DeviceCodeRow } from './tables.ts'

export interface DeviceRequest {
  readonly requestedScope: readonly string[]
  readonly requestedAudience: readonly string[]
}

export interface DeviceCode {
  readonly hash: string
  readonly requestId: string
  readonly clientId: string
  readonly request: DeviceRequest
  readonly grant: Grant | undefined
  readonly expiresAt: number
}

const purpose = 'oauth2 device grant'

/** Stores a device authorization; false if its user code is taken. */
export async function insertDeviceCode(
  ctx: Context,
  { userCode, ...code }: Omit<DeviceCode, 'grant'> & { userCode: string },
): Promise<boolean> {
  try {
    await ctx.db
      .insertInto('oauth2_device_codes')
      .values({
        hash: code.hash,
        user_code_hash: userCodeHashes(ctx, userCode)[0] ?? '',
        request_id: code.requestId,
        client_id: code.clientId,
        request: JSON.stringify(code.request),
        sealed_grant: null,
        expires_at: code.expiresAt,
      })
      .execute()
    return true
  } catch (error) {
    if (isUniqueViolation(error)) return false
    throw error
  }
}

/** As people write it: spaces and dashes do not count. */
function userCodeHashes(ctx: Context, userCode: string): string[] {
  const plain = userCode.replace(/[\s-]/g, '')
  return ctx.keys.macs('oauth2 user code', `${ctx.project.id}/${plain}`)
}

/** A device authorization that nobody has granted, by its user code. */
export async function findByUserCode(ctx: Context, userCode: string): Promise<DeviceCode | undefined> {
  const row = await ctx.db
    .selectFrom('oauth2_device_codes')
    .selectAll()
    .where('user_code_hash', 'in', userCodeHashes(ctx, userCode))
    .where('sealed_grant', 'is', null)
    .where('expires_at', '>', ctx.clock.now())
    .executeTakeFirst()
  return row && fromRow(ctx, row)
}

export async function findByDeviceCode(ctx: Context, hash: string): Promise<DeviceCode | undefined> {
  const row = await ctx.db.selectFrom('oauth2_device_codes').selectAll().where('hash', '=', hash).executeTakeFirst()
  return row && fromRow(ctx, row)
}

/** Stores what the person granted, once. */
export async function grantDevice(ctx: Context, requestId: string, grant: Grant): Promise<boolean> {
  const sealed = sealText(ctx.random, ctx.keys.derive(purpose), placeOf(ctx, requestId), JSON.stringify(grant))
  const { numUpdatedRows } = await ctx.db
    .updateTable('oauth2_device_codes')
    .set({ sealed_grant: sealed })
    .where('request_id', '=', requestId)
    .where('sealed_grant', 'is', null)
    .where('expires_at', '>', ctx.clock.now())
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** Whether this is the first use of a granted code: of any number of simultaneous ones, exactly one is. */
export async function redeemDeviceCode(ctx: Context, hash: string): Promise<boolean> {
  const { numDeletedRows } = await ctx.db
    .deleteFrom('oauth2_device_codes')
    .where('hash', '=', hash)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

function fromRow(ctx: Context, row: OAuth2DeviceCodeRow): DeviceCode {
  return {
    hash: row.hash,
    requestId: row.request_id,
    clientId: row.client_id,
    request: JSON.parse(row.request),
    grant: row.sealed_grant === null ? undefined : openGrant(ctx, row.request_id, row.sealed_grant),
    expiresAt: row.expires_at,
  }
}

function openGrant(ctx: Context, requestId: string, sealed: string): Grant {
  const text = openText(ctx.keys.deriveAll(purpose), placeOf(ctx, requestId), sealed)
  if (text === undefined) throw new Error('the grant of a device could not be decrypted')
  return JSON.parse(text)
}

function placeOf({ project }: Context, requestId: string): string {
  return `${project.id}/${requestId}`
}
