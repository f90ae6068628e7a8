import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openApp } from '../packages/server/test/running.ts'
import { root } from './stage/latchkey.ts'

const page = await readFile(join(root, 'docs/merging-identities.md'), 'utf8')
const commands = [...page.matchAll(/^ {4}curl -s -X POST "\$K(\S+)"(?:.* -d '(.*)')?/gm)].map(
  ([, path = '', body]) => ({
    path,
    body,
  }),
)

it('docs/merging-identities.md: its commands preview, merge, and undo', async () => {
  const { call, token, close } = await openApp()
  const headers = { authorization: `Bearer ${token}` }
  const create = async (email: string) =>
    (await call('POST', '/admin/identities', { headers, json: { schema_id: 'person', traits: { email } } })).body.id
  const variables: Record<string, string> = {
    INTO: await create('ada@harbour.example'),
    FROM: await create('ada@pier.example'),
  }
  const fill = (text: string) => text.replace(/'?\$([A-Z]+)'?/g, (_, name) => variables[name] ?? '')
  const run = ({ path, body }: (typeof commands)[number]) =>
    call('POST', fill(path), { headers, ...(body && { json: JSON.parse(fill(body)) }) })
  const [preview, merge, undo, ...more] = commands
  if (!preview || !merge || !undo) throw new Error('a command is missing on the page')
  expect(more).toEqual([])

  const previewed = await run(preview)
  expect([previewed.status, previewed.body.preview]).toEqual([200, true])
  for (const [, name = ''] of page.matchAll(/^\| `([\w.]+)`(?:, `[\w.]+`)* \|/gm)) {
    const value = name.split('.').reduce((tree, key) => tree?.[key], previewed.body)
    expect(value, name).toBeDefined()
  }
  const merged = await run(merge)
  expect([merged.status, merged.body.preview]).toEqual([200, false])
  variables.ID = merged.body.id
  expect((await run(undo)).body).toEqual({ identity_id: variables.INTO, restored_id: variables.FROM })
  await close()
})
