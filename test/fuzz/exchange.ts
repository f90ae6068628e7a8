import type { OperationSpec } from '@latchkey/api'
import { expect } from 'vitest'
import { judge } from './judge.ts'
import { type Answer, type Sent, send } from './send.ts'
import type { FuzzTarget } from './stage.ts'

/** Sends a request and checks the response; a rejected write must not have changed anything. */
export async function exchange(
  target: FuzzTarget,
  operation: OperationSpec,
  request: Sent,
): Promise<Answer | undefined> {
  const writes = operation.plane === 'admin' && operation.method !== 'GET'
  const state = () => {
    if (isPermission(operation)) return relationships(target)
    return isOAuth2(operation) ? clientsAndKeys(target) : identities(target)
  }
  const before = writes ? await state() : ''
  const answer = await send(originOf(target, operation), request, { stream: operation.stream !== undefined }).catch(
    (error: Error) => {
      // The server may close the connection while a body above the size limit is being sent.
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

/** Whether an operation is one of Hydra's. */
export function isOAuth2({ tag }: OperationSpec): boolean {
  return ['oAuth2', 'oidc', 'jwk', 'wellknown'].includes(tag)
}

/** The URL of the listener that serves an operation. */
function originOf({ server, oauth2 }: FuzzTarget, operation: OperationSpec): string {
  if (isOAuth2(operation) && oauth2) return operation.plane === 'admin' ? oauth2.admin : oauth2.public
  if (!isPermission(operation)) return operation.plane === 'admin' ? server.admin : server.public
  if (operation.path.startsWith('/admin/')) return server.write
  return operation.path.startsWith('/opl/') ? server.syntax : server.read
}

/** The data that an admin write could have changed: the number of identities, and the fixture. */
async function identities({ server, fixtures }: FuzzTarget): Promise<string> {
  const counted = await get(server.admin, '/admin/identities?per_page=1&page=0')
  const fixture = await get(server.admin, `/admin/identities/${fixtures.identity}`)
  return `${counted.headers['x-total-count']} ${fixture.text}`
}

/** The first page of the relationships of the project. */
async function relationships({ server }: FuzzTarget): Promise<string> {
  return (await get(server.read, '/relation-tuples?page_size=1000')).text
}

/** The data that an admin write to Hydra's API could have changed. */
async function clientsAndKeys({ oauth2 }: FuzzTarget): Promise<string> {
  if (!oauth2) return ''
  const paths = ['/admin/clients?page_size=500', '/admin/keys/fuzz', '/admin/trust/grants/jwt-bearer/issuers']
  return (await Promise.all(paths.map(async (path) => (await get(oauth2.admin, path)).text))).join('\n')
}

function get(origin: string, path: string): Promise<Answer> {
  return send(origin, { method: 'GET', path, headers: { accept: 'application/json' } })
}
