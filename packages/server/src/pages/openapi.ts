import { api, openApi } from '@latchkey/api'
import type { Context } from '../kernel/context.ts'
import { jsonText, type Reply } from '../kernel/http/index.ts'
import { version } from '../kernel/version.ts'

const written = new Map<string, string>()

/** The OpenAPI document of the whole contract, with this server's URL. */
export function openApiDocument(ctx: Context): Reply {
  const server = ctx.config.identity.serve.public.base_url.replace(/\/+$/, '')
  return jsonText(200, written.get(server) ?? write(server))
}

function write(server: string): string {
  const text = JSON.stringify(openApi(api, { title: 'Latchkey', version, server }))
  // Server URLs come from the configuration and are few, but reloads must not grow the cache without bound.
  if (written.size > 100) written.clear()
  written.set(server, text)
  return text
}
