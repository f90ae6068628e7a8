import { isUuid } from '../kernel/uuid.ts'

/** Normalizes a UUID: lower case, with hyphens. Undefined if invalid. Like Go, accepts 32 digits without hyphens. */
export function parseId(text: string): string | undefined {
  const lower = text.toLowerCase()
  if (isUuid(lower)) return lower
  if (!/^[0-9a-f]{32}$/.test(lower)) return undefined
  return lower.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
