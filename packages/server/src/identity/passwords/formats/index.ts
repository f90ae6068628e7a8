import { argon2i, argon2id } from './argon2.ts'
import { bcrypt } from './bcrypt.ts'
import { firescrypt } from './firescrypt.ts'
import type { HashFormat } from './format.ts'
import { hmac } from './hmac.ts'
import { md5 } from './md5.ts'
import { md5crypt } from './md5crypt.ts'
import { pbkdf2 } from './pbkdf2.ts'
import { scrypt } from './scrypt.ts'
import { sha } from './sha.ts'
import { sha256crypt, sha512crypt } from './shacrypt.ts'
import { ssha } from './ssha.ts'

/** All formats of password hashes that can be imported, most common first. */
export const formats: readonly HashFormat[] = [
  bcrypt,
  argon2id,
  argon2i,
  pbkdf2,
  scrypt,
  firescrypt,
  ssha,
  sha,
  md5,
  md5crypt,
  sha256crypt,
  sha512crypt,
  hmac,
]
