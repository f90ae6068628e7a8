const canonical = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether a string is a UUID in canonical form (RFC 9562), in any letter case. */
export function isUuid(text: string): boolean {
  return canonical.test(text)
}
