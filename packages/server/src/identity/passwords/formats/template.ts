/**
 * Fills `{SALT}` and `{PASSWORD}` into a salting format, byte by byte: neither the salt nor the format need be text.
 * A format without the password would fit every password, so it counts as malformed.
 */
export function fillTemplate(template: Buffer, salt: Buffer, password: Buffer): Buffer {
  // Latin-1 maps every byte to one character and back.
  const values: Record<string, string> = { SALT: salt.toString('latin1'), PASSWORD: password.toString('latin1') }
  const filled = template.toString('latin1').replace(/\{(SALT|PASSWORD)\}/g, (_, name: string) => values[name] ?? '')
  return Buffer.from(filled, 'latin1')
}

/** The decoded `pf=` part of a hash, or undefined if it is malformed. */
export function decodeTemplate(part: string, decode: (text: string) => Buffer | undefined): Buffer | undefined {
  const template = part.startsWith('pf=') ? decode(part.slice(3)) : undefined
  return template?.includes('{PASSWORD}') ? template : undefined
}
