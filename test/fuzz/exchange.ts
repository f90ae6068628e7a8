import type { OperationSpec } from '@latchkey/api'
import { expect } from 'vitest'
import { judge } from './judge.ts'
import { type Answer, type Sent, send } from './send.ts'
import type { FuzzTarget } from './stage.ts'

/** Sends one request and judges the answer; a refused write must have changed nothing. */
export async function exchange(
  target: FuzzTarget,
  operation: OperationSpec,
  request: Sent,
): Promise<Answer | undefined> {
  const writes = operation.plane === 'admin' && operation.method !== 'GET'
  const state = () => (isPermission(operation) ? relationships(target) : identities(target))
  const before = writes ? await state() : ''
  const answer = await send(originOf(target, operation), request, { stream: operation.stream !== undefined }).catch(
    (error: Error) => {
      // A body that is far too large may be cut off while it is being sent.
      if ((request.body?.length ?? 0) > 1_000_000 && /EPIPE|ECONNRESET|hang up/.test(error.message)) return undefined
      throw new Error(`${error.message}\n${request.method} ${request.path} ${request.body?.slice(0, 600)}`)
    },
  )
  if (!answer) return undefined
  judge(request, answer)
  if (writes && answer.status >= 400) expect(await state(), 'a refused request has written').toBe(before)
  return answer
}

export function isPermission({ tag }: OperationSpec): boolean {
  return tag === 'permission' || tag === 'relationship'
}

/** The listener that serves an operation. */
function originOf({ server }: FuzzTarget, operation: OperationSpec): string {
  if (!isPermission(operation)) return operation.plane === 'admin' ? server.admin : server.public
  if (operation.path.startsWith('/admin/')) return server.write
  return operation.path.startsWith('/opl/') ? server.syntax : server.read
}

/** What an administrator's write could have changed: how many identities there are, and the fixture. */
async function identities({ server, fixtures }: FuzzTarget): Promise<string> {
  const counted = await get(server.admin, '/admin/identities?per_page=1&page=0')
  const fixture = await get(server.admin, `/admin/identities/${fixtures.identity}`)
  return `${counted.headers['x-total-count']} ${fixture.text}`
}

/** The relationships of the project, as many as one page holds. */
async function relationships({ server }: FuzzTarget): Promise<string> {
  return (await get(server.read, '/relation-tuples?page_size=1000')).text
}

function get(origin: string, path: string): Promise<Answer> {
  return send(origin, { method: 'GET', path, headers: { accept: 'application/json' } })
}
