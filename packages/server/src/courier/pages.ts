import type { Context } from '../kernel/context.ts'
import { sameText } from '../kernel/keys.ts'
import type { Position } from './store.ts'

/** The position before the first message. */
const start: Position = { createdAt: 253_402_300_799_999, id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }

/** Decodes a page token; undefined if it was not issued by this server for this project. */
export function parsePageToken(ctx: Pick<Context, 'keys' | 'project'>, token: string): Position | undefined {
  const [payload = '', mac = ''] = token.split('.')
  const text = Buffer.from(payload, 'base64url').toString('utf8')
  const [, createdAt, id] = /^(\d{1,15})\/([0-9a-f-]{36})$/.exec(text) ?? []
  if (!createdAt || !id || !macsOf(ctx, text).some((one) => sameText(mac, one))) return undefined
  return { createdAt: Number(createdAt), id }
}

/** The Link header of a page: the first page, and the next page if there is one. */
export function pageLinks(
  ctx: Pick<Context, 'keys' | 'project'>,
  path: string,
  search: URLSearchParams,
  { size, next }: { size: number; next?: Position },
): string {
  const link = (position: Position, relation: string) => {
    const query = new URLSearchParams(search)
    query.set('page_size', String(size))
    query.set('page_token', pageToken(ctx, position))
    query.sort()
    return `<${path}?${query}>; rel="${relation}"`
  }
  return [link(start, 'first'), ...(next ? [link(next, 'next')] : [])].join(',')
}

function pageToken(ctx: Pick<Context, 'keys' | 'project'>, { createdAt, id }: Position): string {
  const text = `${createdAt}/${id}`
  return `${Buffer.from(text).toString('base64url')}.${macsOf(ctx, text)[0]}`
}

function macsOf({ keys, project }: Pick<Context, 'keys' | 'project'>, text: string): string[] {
  return keys.macs('courier page token', `${project.id}/${text}`)
}
