import { join } from 'node:path'
import { goldenDir, type Latchkey, startDev, startLatchkey } from '../stage/latchkey.ts'

/** Where Keto's API is played: on the listeners that Keto has, which ask nobody, and on one origin that asks for a token. */
export interface PermissionTarget extends Pick<Latchkey, 'read' | 'write' | 'syntax' | 'stop'> {
  /** Empty where none is asked for. */
  token: string
  /** What carries the token. */
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

/** Both ways of serving; a server that runs already is one of Keto's. */
export const permissionTargets: [name: string, start: Start][] = [
  ["on Keto's listeners", onItsListeners],
  ...(process.env.LATCHKEY_TEST_TARGET ? [] : [['on one origin, with a token', onOneOrigin] as [string, Start]]),
]

let objects = 0
/** A name that no other test uses. */
export function newObject(): string {
  objects += 1
  return `sdk-${process.pid}-${Date.now()}-${objects}`
}
