/** Escapes text for HTML, including quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** Restricts a URL in a link to schemes that cannot run script. */
export function safeUrl(url: string): string {
  return /^(https?|mailto|tel):/i.test(url.trim()) ? url.trim() : '#'
}
