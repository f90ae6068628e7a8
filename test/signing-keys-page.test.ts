import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openApp } from '../packages/server/test/running.ts'
import { root } from './stage/latchkey.ts'

const page = await readFile(join(root, 'docs/signing-keys.md'), 'utf8')
const commands = [...page.matchAll(/^ {4}curl -s (?:-X (\w+) )?"\$L([^"]+)".*$/gm)].map(
  ([line, method, path = '']) => ({
    method: (method ?? 'GET') as 'GET' | 'POST' | 'PUT' | 'DELETE',
    path,
    text: / -d '(.*)'$/.exec(line)?.[1],
  }),
)

it('docs/signing-keys.md: its commands rotate, choose and import keys', async () => {
  const { call, token, close } = await openApp()
  const headers = { authorization: `Bearer ${token}` }
  const published = async () => {
    const { keys } = (await call('GET', '/.well-known/jwks.json')).body
    return keys.map(({ kid, alg }: { kid: string; alg: string }) => ({ kid, alg }))
  }
  const before: { kid: string }[] = await published()
  const old = (await call('GET', '/admin/keys/hydra.openid.id-token', { headers })).body.keys[0].kid
  const statuses: number[] = []
  for (const { method, path, text } of commands) {
    // As curl sends it.
    const sent = { ...headers, 'content-type': 'application/x-www-form-urlencoded' }
    const request = text === undefined ? { headers } : { headers: sent, text }
    statuses.push((await call(method, path.replace('$KID', old), request)).status)
  }
  expect(statuses).toEqual([201, 200, 204, 201, 200])
  const after = await published()
  expect(after).toContainEqual({ kid: '2026-12', alg: 'RS256' })
  expect(after).toContainEqual({ kid: expect.any(String), alg: 'ES256' })
  expect(after.map(({ kid }: { kid: string }) => kid)).not.toContain(old)
  expect(after).toHaveLength(before.length + 1)
  await close()
})
