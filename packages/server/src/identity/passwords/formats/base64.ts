/**
 * Decodes standard base64, with or without padding. Returns undefined for invalid characters and for non-zero trailing
 * bits (RFC 4648, section 3.5).
 */
export function decodeBase64(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '') ? bytes : undefined
}
