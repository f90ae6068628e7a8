import { join } from 'node:path'
import { goldenDir, type Latchkey, startDev, startLatchkey } from '../stage/latchkey.ts'

/** A server with Keto's API: either on Keto's listeners, without authentication, or on one origin that requires a token. */
export interface PermissionTarget extends Pick<Latchkey, 'read' | 'write' | 'syntax' | 'stop'> {
  /** Empty if no token is required. */
  token: string
  /** The headers with the token. */
  headers: Record<string, string>
}

type Start = () => Promise<PermissionTarget>

const onItsListeners: Start = async () => {
  const server = await startLatchkey({ keto: join(goldenDir, 'config', 'permission.yml') })
  return { ...server, token: '', headers: {} }
}

const onOneOrigin: Start = async () => {
  const namespaces = join(goldenDir, 'config', 'namespaces.keto.ts')
  const server = await startDev({ NAMESPACES_LOCATION: `file://${namespaces}` })
  return { ...server, headers: { authorization: `Bearer ${server.token}` } }
}

/** Both variants; an external server is expected to have Keto's listeners. */
export const permissionTargets: [name: string, start: Start][] = [
  ["on Keto's listeners", onItsListeners],
  ...(process.env.LATCHKEY_TEST_TARGET ? [] : [['on one origin, with a token', onOneOrigin] as [string, Start]]),
]

let objects = 0
/** A unique name. */
export function newObject(): string {
  objects += 1
  return `sdk-${process.pid}-${Date.now()}-${objects}`
}
