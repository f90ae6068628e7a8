import type { IdentityConfig } from '../kernel/project-config.ts'

/**
 * The name that messages and pages call the site of an original, whose configuration has no name for it: the sender of
 * its messages, or the host that people are sent to.
 */
export function siteName({ courier, selfservice, serve }: IdentityConfig): string {
  const { from_name } = courier.smtp
  if (from_name?.trim()) return from_name.trim().slice(0, 200)
  const urls = [selfservice.default_browser_return_url, serve.public.base_url]
  return new URL(urls.find((url) => URL.canParse(url)) ?? 'http://localhost').hostname
}
