import type { Context } from '../kernel/context.ts'
import { type Keys, keysFrom } from '../kernel/keys.ts'

const known = new WeakMap<object, Keys>()

/**
 * The keys that authenticate the cookies of the login and consent flow: those of `secrets.cookie`, whose first secret is
 * the current one, or those of the installation.
 */
export function cookieKeys({ config, keys }: Pick<Context, 'config' | 'keys'>): Keys {
  const { secrets } = config.oauth2
  const [current, ...older] = secrets.cookie.map((text) => Buffer.from(text))
  if (!current) return keys
  const made = known.get(secrets) ?? keysFrom(current, ...older)
  known.set(secrets, made)
  return made
}
