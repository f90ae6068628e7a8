import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openApp } from '../packages/server/test/running.ts'
import { root } from './stage/latchkey.ts'

const page = readFileSync(join(root, 'docs/passwords.md'), 'utf8')

it('docs/passwords.md: users are created and sign in as the page says', async () => {
  const { call, flow, token, close } = await openApp()
  const headers = { authorization: `Bearer ${token}` }
  const users = [...page.matchAll(/\/admin\/identities -d '(\{[^']*\})'/g)]
  for (const [, body = ''] of users) {
    expect((await call('POST', '/admin/identities', { json: JSON.parse(body), headers })).status).toBe(201)
  }
  const attempts = [...page.matchAll(/^ {4}signin '(.*)' +# (.*)$/gm)]
  for (const [, body = '', active] of attempts) {
    const answer = await flow('login', [JSON.parse(body)])
    expect([body, String(answer.body.session?.active ?? null)]).toEqual([body, active])
  }
  expect([users.length, attempts.length]).toEqual([2, 4])
  await close()
})
