import { isUuid } from '../kernel/uuid.ts'

/** An id of the API as it is stored: in small letters, with hyphens. Undefined if it is no UUID; Go takes 32 digits too. */
export function parseId(text: string): string | undefined {
  const lower = text.toLowerCase()
  if (isUuid(lower)) return lower
  if (!/^[0-9a-f]{32}$/.test(lower)) return undefined
  return lower.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
