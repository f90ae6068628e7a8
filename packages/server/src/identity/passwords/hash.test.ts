import { hash as bcrypt } from '@node-rs/bcrypt'
import { expect, test } from 'vitest'
import { systemRandom } from '../../kernel/random.ts'
import { type HashersConfig, type HashingContext, hashingCost } from './cost.ts'
import { hashPassword, maxPasswordBytes, needsRehash } from './hash.ts'
import { normalizePassword } from './normalize.ts'
import { dummyVerify, verifyPassword } from './verify.ts'

const defaults: HashersConfig = {
  algorithm: 'bcrypt',
  bcrypt: { cost: 12 },
  argon2: { memory: 128 * 1024 ** 2, iterations: 1, parallelism: 1, salt_length: 16, key_length: 32 },
}
const quick = { ...defaults, bcrypt: { cost: 4 } }
const argon2 = {
  ...defaults,
  algorithm: 'argon2' as const,
  argon2: { ...defaults.argon2, memory: 64 * 1024, iterations: 2, parallelism: 2, key_length: 24 },
}

function ctx(hashers: HashersConfig, dev = false): HashingContext {
  return { config: { identity: { hashers, dev } }, random: systemRandom }
}

test('bcrypt hashes carry the configured cost in development and at least 12 otherwise', async () => {
  const hash = await hashPassword(ctx(quick, true), 'correct horse')
  expect(hash).toMatch(/^\$2a\$04\$/)
  expect(await verifyPassword('correct horse', hash)).toBe(true)
  expect(await hashPassword(ctx(quick), 'correct horse')).toMatch(/^\$2a\$12\$/)
})

test('argon2 hashes carry the configured parameters', async () => {
  const hash = await hashPassword(ctx(argon2), 'correct horse')
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=64,t=2,p=2\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{32}$/)
  expect(await verifyPassword('correct horse', hash)).toBe(true)
  expect(await verifyPassword('correct horsf', hash)).toBe(false)
})

test('bcrypt takes 72 bytes and refuses more', async () => {
  const hash = await hashPassword(ctx(quick, true), 'é'.repeat(36))
  expect(await verifyPassword('é'.repeat(36), hash)).toBe(true)
  expect(await verifyPassword(`${'é'.repeat(36)}x`, hash)).toBe(false)
  await expect(hashPassword(ctx(quick), 'x'.repeat(73))).rejects.toMatchObject({ code: 400 })
  expect(maxPasswordBytes(quick)).toBe(72)
})

test('argon2 takes longer passwords, up to a limit', async () => {
  const hash = await hashPassword(ctx(argon2), 'x'.repeat(1024))
  expect(await verifyPassword('x'.repeat(1024), hash)).toBe(true)
  expect(await verifyPassword('x'.repeat(1025), hash)).toBe(false)
  await expect(hashPassword(ctx(argon2), 'x'.repeat(1025))).rejects.toMatchObject({ code: 400 })
})

test('only another algorithm asks for a new hash', () => {
  expect(needsRehash('$2b$05$whatever', defaults)).toBe(false)
  expect(needsRehash('$argon2id$v=19$', defaults)).toBe(true)
  expect(needsRehash('$argon2id$v=19$', argon2)).toBe(false)
  expect(needsRehash('$argon2i$v=19$', argon2)).toBe(true)
  expect(needsRehash('$md5$VbB9/ZJNKkLPgiMP8ywDzA==', defaults)).toBe(true)
})

test('the comparison for unknown accounts works with both algorithms', async () => {
  await expect(dummyVerify(ctx(quick, true), 'x')).resolves.toBeUndefined()
  await expect(dummyVerify(ctx(argon2), 'x')).resolves.toBeUndefined()
})

test('a configured cost never exceeds what a comparison affords', () => {
  expect(hashingCost(ctx({ ...defaults, bcrypt: { cost: 31 } }))).toEqual({ algorithm: 'bcrypt', cost: 17 })
  const huge = { ...argon2, argon2: { ...argon2.argon2, memory: 64 * 1024 ** 3, iterations: 1000 } }
  expect(hashingCost(ctx(huge))).toMatchObject({ memoryKib: 1024 * 1024, iterations: 4 })
})

test('accents and spaces count as they look, not as they are typed', async () => {
  const [composed, decomposed] = ['Häfen und Brücken'.normalize('NFC'), 'Häfen und Brücken'.normalize('NFD')]
  const spaced = composed.replace(' ', '\u00a0')
  for (const first of [composed, decomposed, spaced]) {
    const hash = await hashPassword(ctx(quick, true), first)
    for (const second of [composed, decomposed, spaced]) expect(await verifyPassword(second, hash)).toBe(true)
    expect(await verifyPassword('Hafen und Brucken', hash)).toBe(false)
  }
})

test('a hash that was made of what was typed still matches what is typed', async () => {
  const typed = 'Häfen und Brücken'.normalize('NFD')
  const hash = await bcrypt(typed, { cost: 4 })
  expect(await verifyPassword(typed, hash)).toBe(true)
})

test('the length of a password is that of its normalized form', async () => {
  const hash = await hashPassword(ctx(quick, true), 'é'.normalize('NFD').repeat(36))
  expect(await verifyPassword('é'.repeat(36), hash)).toBe(true)
  await expect(hashPassword(ctx(quick, true), 'é'.normalize('NFD').repeat(37))).rejects.toThrow()
})

test('no password takes long to be normalized', async () => {
  const marks = `a${'\u0323\u0301'.repeat(200_000)}`
  const begun = performance.now()
  expect(normalizePassword(marks)).toBe(marks)
  expect(performance.now() - begun).toBeLessThan(100)
})
