import { rooms } from '@latchkey/api'
import { empty, handlers, json, jsonText } from './index.ts'

// Checked by the compiler only: what a room's handlers promise.

const complete = {
  isAlive: () => json(200, { status: 'ok' }),
  isReady: () => json(503, { errors: { database: 'away' } }),
  getVersion: () => jsonText(200, '{"version":"1"}'),
}
handlers(rooms.metadata, complete)

// @ts-expect-error a handler is missing
handlers(rooms.metadata, { isAlive: complete.isAlive, isReady: complete.isReady })

// @ts-expect-error no operation has this name
handlers(rooms.metadata, { ...complete, isAwake: complete.isAlive })

// @ts-expect-error the body is not the declared one
handlers(rooms.metadata, { ...complete, isAlive: () => json(200, { status: 1 }) })

// @ts-expect-error the body belongs to another status
handlers(rooms.metadata, { ...complete, isReady: () => json(200, { errors: {} }) })

// @ts-expect-error the operation declares no such status
handlers(rooms.metadata, { ...complete, getVersion: () => json(201, { version: '1' }) })

// @ts-expect-error the operation answers with a body
handlers(rooms.metadata, { ...complete, isAlive: () => empty(200) })

// @ts-expect-error a body of unknown type is not assignable
handlers(rooms.metadata, { ...complete, isAlive: () => json(200, JSON.parse('{}') as unknown) })
