import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { nameDevice } from '../device/verify.ts'
import { openChallenge } from '../flow/codec.ts'

/** @throws 404 for a text that is no device challenge of this project, 401 for one that has expired */
export function requireDeviceChallenge(ctx: Context, challenge: string): void {
  openChallenge(ctx, challenge, 'device challenge')
}

/** Where the browser goes on with the device that a user code names; undefined for a code that is not known. */
export async function nameJoinedDevice(ctx: Context, challenge: string, userCode: string): Promise<string | undefined> {
  try {
    return await nameDevice(ctx, challenge, userCode)
  } catch (error) {
    if (error instanceof ApiError && error.httpStatus === 400) return undefined
    throw error
  }
}
