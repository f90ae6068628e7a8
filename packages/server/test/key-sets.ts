import { generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { idTokenKeys } from '../src/jwk/index.ts'
import type { Context } from '../src/kernel/context.ts'
import { createNotifier, type Transport } from '../src/kernel/notify.ts'
import type { TestProject } from './app.ts'

/** The same project in another process, which hears of changes by the transports only. */
export async function inOtherProcess(ctx: Context, transports: Transport[] = []): Promise<Context> {
  return Object.assign(Object.create(ctx), { notifier: await createNotifier(transports) })
}

/** A private key. */
export function privateKey(type: 'rsa' | 'ec' | 'ed25519', options: object = {}): JsonWebKey {
  const pair = generateKeyPairSync(type as 'ec', options as { namedCurve: string })
  return pair.privateKey.export({ format: 'jwk' })
}

/** The public part of a key. */
export function publicKey({ kty, crv, x, y, n, e }: JsonWebKey): JsonWebKey {
  return JSON.parse(JSON.stringify({ kty, crv, x, y, n, e }))
}

/** Generates a key by the admin API. */
export async function createKey(project: TestProject, json: object, set = idTokenKeys) {
  return (await project.call('POST', `/admin/keys/${set}`, { json })).body.keys[0]
}

/** Part of a token. */
export function encodePart(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
