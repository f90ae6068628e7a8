/**
 * Whether a URL, without query and fragment, matches a pattern of Kratos's `clients.http.private_ip_exception_urls`: `*`
 * and `?` match anything except dots and slashes, `**` matches anything.
 */
export function matchesUrlPattern(url: URL, patterns: readonly string[]): boolean {
  const address = `${url.origin}${url.pathname}`
  return patterns.some((pattern) => expressionOf(pattern).test(address))
}

function expressionOf(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*|\*|\?)/)
  const source = parts.map((part) => wildcards[part] ?? part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('')
  return new RegExp(`^${source}$`)
}

const wildcards: Record<string, string> = { '**': '.*', '*': '[^./]*', '?': '[^./]' }
