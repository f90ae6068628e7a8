import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { assets, contentSecurityPolicy, renderPage, themeStylesheet } from '../src/index.ts'
import type { View } from '../src/page.ts'
import { pages, view as plainView } from './fixtures.ts'

/** Serves every fixture on loopback with the policy that the server sends: `/`, `/NAME`, `/NAME?lang=de`. */
export async function serveFixtures(
  port = 0,
  view: View = plainView,
): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const files = view.theme ? [...assets, themeStylesheet(view.theme)] : assets
    const file = files.find((candidate) => view.basePath + candidate.path === url.pathname)
    const page = pages[url.pathname.slice(1)]
    if (file) return response.setHeader('content-type', file.contentType).end(file.body)
    response.setHeader('content-type', 'text/html; charset=utf-8')
    if (!page) return response.end(list())
    const asked = url.searchParams.get('lang') ?? request.headers['accept-language'] ?? ''
    const language = asked.startsWith('de') ? 'de' : 'en'
    response.setHeader('content-security-policy', contentSecurityPolicy(page, view))
    response.end(renderPage(page, { ...view, language }))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => close(server) }
}

function list(): string {
  const items = Object.keys(pages).map(
    (name) => `<li><a href="/${name}">${name}</a> <a href="/${name}?lang=de">de</a></li>`,
  )
  return `<!doctype html><meta charset="utf-8"><title>Pages</title><ul>${items.join('')}</ul>`
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
