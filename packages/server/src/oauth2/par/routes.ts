import type { rooms } from '@latchkey/api'
import { json, type RoomHandlers } from '../../kernel/http/index.ts'
import { pushRequest } from './push.ts'

export const pushHandlers: RoomHandlers<Pick<typeof rooms.oauth2, 'pushAuthorizationRequest'>> = {
  pushAuthorizationRequest: async (ctx, _input, call) =>
    json(201, await pushRequest(ctx, call), { headers: { 'cache-control': 'no-store' } }),
}
