import { pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import { hash as bcryptHash, verify as bcryptVerify } from '@node-rs/bcrypt'
import { LRUCache } from 'lru-cache'
import type { Context } from '../../kernel/context.ts'
import { sameText, tokenHash } from '../../kernel/keys.ts'
import { UnavailableError } from '../../kernel/unavailable.ts'
import type { Client } from './client.ts'

const derive = promisify(pbkdf2)

/** Letters and digits of a generated secret: 154 bits of entropy. */
const generatedLength = 26

/** Secrets that are hashed at the same time; each takes a thread for some milliseconds. */
const mostAtOnce = 64
let running = 0

/** A secret, which has so much entropy that a fast hash of it reveals nothing. */
export function generateSecret(ctx: Context): { secret: string; hash: string } {
  const secret = ctx.random.token(generatedLength)
  return { secret, hash: `$sha256$${tokenHash(secret)}` }
}

/** Hashes a secret that somebody chose, as Hydra does: PBKDF2 or bcrypt. */
export async function hashSecret({ config, random }: Context, secret: string): Promise<string> {
  const { algorithm, bcrypt, pbkdf2: settings } = config.oauth2.oauth2.hashers
  if (algorithm === 'bcrypt')
    return inTurn(() => bcryptHash(Buffer.from(secret).subarray(0, 72), { cost: bcrypt.cost }))
  const salt = random.bytes(16)
  const key = await inTurn(() => derive(secret, salt, settings.iterations, 32, 'sha256'))
  return `$pbkdf2-sha256$i=${settings.iterations},l=32$${withoutPadding(salt)}$${withoutPadding(key)}`
}

/**
 * MACs of secrets that were verified, by the hash of the secret: a secret that somebody chose is expensive to verify only
 * once.
 */
const verified = new LRUCache<string, string>({ max: 10_000 })

/** Whether a secret is the current one of a client, or an earlier one that is still valid. */
export async function verifySecret(
  { keys }: Context,
  { secretHash, rotatedSecretHashes }: Client,
  secret: string,
): Promise<boolean> {
  for (const hash of [secretHash, ...rotatedSecretHashes]) if (await matches(keys, hash, secret)) return true
  return false
}

async function matches(keys: Context['keys'], hash: string, secret: string): Promise<boolean> {
  if (hash.startsWith('$sha256$')) return sameText(hash.slice('$sha256$'.length), tokenHash(secret))
  const mac = keys.mac('verified client secret', secret)
  const known = verified.get(hash)
  if (known !== undefined && sameText(known, mac)) return true
  const isRight = hash.startsWith('$2') ? await isBcrypt(hash, secret) : await isPbkdf2(hash, secret)
  if (isRight) verified.set(hash, mac)
  return isRight
}

function isBcrypt(hash: string, secret: string): Promise<boolean> {
  return inTurn(() => bcryptVerify(Buffer.from(secret).subarray(0, 72), hash))
}

async function isPbkdf2(hash: string, secret: string): Promise<boolean> {
  const [, digest, iterations, length, salt = '', key = ''] =
    /^\$pbkdf2-(sha(?:1|224|256|384|512))\$i=(\d{1,8}),l=(\d{1,3})\$([\w+/]+)\$([\w+/]+)$/.exec(hash) ?? []
  if (!digest) return false
  const derived = await inTurn(() =>
    derive(secret, Buffer.from(salt, 'base64'), Number(iterations), Number(length), digest),
  )
  return sameText(withoutPadding(derived), key)
}

function withoutPadding(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= mostAtOnce)
    throw new UnavailableError('Too many client secrets are being verified.', { cause: undefined })
  running++
  try {
    return await work()
  } finally {
    running--
  }
}
