/**
 * Whether an address, without query and fragment, fits one of the patterns that Kratos takes in
 * `clients.http.private_ip_exception_urls`: `*` and `?` stand for what is neither a dot nor a slash, `**` for anything.
 */
export function fitsPattern(url: URL, patterns: readonly string[]): boolean {
  const address = `${url.origin}${url.pathname}`
  return patterns.some((pattern) => expressionOf(pattern).test(address))
}

function expressionOf(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*|\*|\?)/)
  const source = parts.map((part) => wildcards[part] ?? part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('')
  return new RegExp(`^${source}$`)
}

const wildcards: Record<string, string> = { '**': '.*', '*': '[^./]*', '?': '[^./]' }
