import { ApiError } from '@latchkey/api'
import { contentSecurityPolicy, type Page, renderPage } from '@latchkey/pages'
import type { Context } from '../kernel/context.ts'
import { type Call, html, isLoopback, isTrustedHost, type Reply, type Route, toApiError } from '../kernel/http/index.ts'
import { actingOn, findActing } from './acting.ts'
import { viewOf } from './view.ts'

type Handle = Route['handle']

interface ShowOptions {
  status?: number
  signedIn?: boolean
  headers?: ApiError['headers']
  /** Addresses of an OAuth 2.0 client that a submitted form may lead to. */
  clientUris?: readonly string[]
}

/** Renders a page in the reader's language, with security headers. */
export function showPage(
  ctx: Context,
  call: Call,
  page: Page,
  { status = 200, signedIn, headers, clientUris = [] }: ShowOptions = {},
): Reply {
  const view = { ...viewOf(ctx, call), signedIn, acting: actingOn(call) }
  const policy = contentSecurityPolicy(page, view, [
    ...formTargets(ctx, page),
    ...clientUris.filter((uri) => URL.canParse(uri)).map(sourceOf),
  ])
  return html(status, renderPage(page, view), {
    headers: { ...headers, ...protection, 'content-security-policy': policy },
  })
}

/** Page URLs contain flow ids, which must not leak to other sites. */
const protection = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** Browsers apply `form-action` to redirects too, so all allowed return URLs are listed. */
function formTargets(ctx: Context, page: Page): string[] {
  const { serve, selfservice } = ctx.config.identity
  const addresses = [serve.public.base_url, selfservice.default_browser_return_url, ...selfservice.allowed_return_urls]
  const usual = addresses.filter((address) => URL.canParse(address)).map(sourceOf)
  return offersProvider(page) ? [...usual, ...providerTargets(ctx)] : usual
}

function offersProvider(page: Page): boolean {
  return 'flow' in page && page.flow.ui.nodes.some(({ group }) => group === 'oidc')
}

/**
 * A form can lead to a sign-in provider, which redirects within its own hosts, which nobody knows before. Issuers
 * without encryption, as in development, are listed.
 */
function providerTargets(ctx: Context): string[] {
  const { providers } = ctx.config.identity.selfservice.methods.oidc.config
  const named = providers.flatMap(({ issuer_url: issuer, auth_url: authorization }) => [issuer, authorization])
  return ['https:', ...named.filter((url) => url?.startsWith('http://')).map((url) => sourceOf(String(url)))]
}

/** URLs of native apps (`app.example:/done`) have no origin, so the scheme is used. */
function sourceOf(address: string): string {
  const { origin, protocol } = new URL(address)
  return origin === 'null' ? protocol : origin
}

/** A handler whose errors are shown as pages. */
export function asPage(handle: Handle): Handle {
  return async (ctx, call) => {
    try {
      await findActing(ctx, call)
      return await handle(ctx, call)
    } catch (error) {
      return showMistake(ctx, call, error)
    }
  }
}

function showMistake(ctx: Context, call: Call, error: unknown): Reply {
  const { content, headers, httpStatus: status } = toApiError(ctx.log, error, call)
  return showPage(ctx, call, { kind: 'error', error: { error: content } }, { status, headers })
}

/**
 * Serves a page that shows the admin token or other people's codes, in development mode only: to this machine, and
 * protected against DNS rebinding.
 */
export function inDevelopment(handle: Handle): Handle {
  return (ctx, call) => {
    const isOwn = isTrustedHost(call.header('host'), ctx.config.identity.serve.public.base_url)
    if (!isOwn || !isLoopback(call.peer)) throw ApiError.notFound()
    return handle(ctx, call)
  }
}
