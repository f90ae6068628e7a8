/**
 * Decodes standard base64, with or without padding. Text that is not the one canonical spelling of its bytes
 * (foreign letters, stray bits at the end) gives undefined.
 */
export function decodeBase64(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '') ? bytes : undefined
}
