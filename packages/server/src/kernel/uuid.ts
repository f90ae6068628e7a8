const canonical = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether a text is a UUID in its usual form (RFC 9562), in either letter case. */
export function isUuid(text: string): boolean {
  return canonical.test(text)
}
