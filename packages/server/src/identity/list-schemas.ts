import { ApiError } from '@latchkey/api'
import type { Context } from '../kernel/context.ts'
import { type Call, json, type Reply } from '../kernel/http/index.ts'
import { numberedLinks, numberedPage } from '../kernel/http/numbered-pages.ts'

/** The project's identity schemas, page by page. */
export function listSchemas(ctx: Context, { search, path }: Call): Reply {
  const { identitySchemas } = ctx.config
  const page = numberedPage(search, { size: 250, largest: 1000 })
  const from = page.number * page.size
  const shown = identitySchemas.slice(from, from + page.size).map(({ id, document }) => ({ id, schema: document }))
  const total = identitySchemas.length
  return json(200, shown, {
    headers: { link: numberedLinks(path, search, page, total), 'x-total-count': String(total) },
  })
}

/** One schema, by its id or, as its address has it, by its id in base64url. */
export function getSchema(ctx: Context, id: string): Reply {
  const { identitySchemas } = ctx.config
  const decoded = Buffer.from(id, 'base64url').toString('utf8')
  const found = identitySchemas.find((one) => one.id === id) ?? identitySchemas.find((one) => one.id === decoded)
  if (!found) throw ApiError.notFound({ reason: 'There is no identity schema of this name.' })
  return json(200, found.document)
}
