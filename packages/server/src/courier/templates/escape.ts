/** Text as it stands in HTML, also inside quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** An address as it may stand in a link: nothing that runs script. */
export function safeUrl(url: string): string {
  return /^(https?|mailto|tel):/i.test(url.trim()) ? url.trim() : '#'
}
