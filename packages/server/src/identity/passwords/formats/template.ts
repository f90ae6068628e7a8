/**
 * Replaces `{SALT}` and `{PASSWORD}` in a salting format, byte by byte, because the salt and the format may be binary.
 * A format without `{PASSWORD}` would match every password, so it is malformed.
 */
export function fillTemplate(template: Buffer, salt: Buffer, password: Buffer): Buffer {
  // Latin-1 maps bytes to characters one to one.
  const values: Record<string, string> = { SALT: salt.toString('latin1'), PASSWORD: password.toString('latin1') }
  const filled = template.toString('latin1').replace(/\{(SALT|PASSWORD)\}/g, (_, name: string) => values[name] ?? '')
  return Buffer.from(filled, 'latin1')
}

/** The decoded `pf=` part of a hash, or undefined if it is malformed. */
export function decodeTemplate(part: string, decode: (text: string) => Buffer | undefined): Buffer | undefined {
  const template = part.startsWith('pf=') ? decode(part.slice(3)) : undefined
  return template?.includes('{PASSWORD}') ? template : undefined
}
