import { ApiError } from '@latchkey/api'
import { type Asset, assets, themeStylesheet } from '@latchkey/pages'
import type { Context } from '../kernel/context.ts'
import { type Call, plain, type Reply } from '../kernel/http/index.ts'
import { experienceOf } from './experience.ts'

/** A stylesheet, script or image. Its name contains a content hash, so browsers may cache it forever. */
export function asset(ctx: Context, call: Call): Reply {
  const { theme } = experienceOf(ctx)
  const path = `/assets/${call.params.file}`
  const found = [...assets, ...(theme ? [themeStylesheet(theme)] : [])].find((one) => one.path === path)
  return found ? reply(found, 'public, max-age=31536000, immutable') : plain(404, '404 page not found\n')
}

/** The icon at the path that browsers request by default. */
export function icon(): Reply {
  const found = assets.find(({ path }) => path.startsWith('/assets/icon.'))
  if (!found) throw ApiError.notFound()
  return reply(found, 'public, max-age=86400')
}

function reply({ body, contentType }: Asset, cacheControl: string): Reply {
  const headers = {
    'cache-control': cacheControl,
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  }
  return { status: 200, text: body, contentType, headers }
}
