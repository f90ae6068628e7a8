import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { addPasskey, authenticator, optionsOf, signInWithPasskey } from '../packages/server/test/key-projects.ts'
import { identitiesWith, openFlows, Person, signedUp } from '../packages/server/test/people.ts'
import { root } from './stage/latchkey.ts'

const page = readFileSync(join(root, 'docs/passkeys.md'), 'utf8')
const yaml = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? ''

it('docs/passkeys.md: passkeys work with the configuration, the requests and the limits of the page', async () => {
  const app = await openFlows('memory')
  const { passkey, webauthn } = parse(yaml).selfservice.methods
  const [, listed = ''] = /well-known\/webauthn\n +# (\{.*\})/.exec(page) ?? []
  const origins = JSON.parse(listed).origins
  const project = await app.project(({ selfservice, ...identity }) => {
    const related = { ...passkey, config: { rp: { ...passkey.config.rp, origins } } }
    const methods = { ...selfservice.methods, passkey: related, webauthn: { ...webauthn, enabled: false } }
    return { ...identity, selfservice: { ...selfservice, methods } }
  })
  const { body: related } = await project.call('GET', '/.well-known/webauthn', { token: null })
  expect(related).toEqual({ origins })

  const { person, email } = await signedUp(project, 'browser')
  const device = authenticator({ origin: origins[1] })
  expect((await addPasskey(person, device)).status).toBe(200)
  expect((await signInWithPasskey(new Person(project), device)).status).toBe(200)

  const native = new Person(project, 'api')
  const flow = await native.begin('login')
  const [, submitted = ''] = /-d '(\{ "method": "passkey".*\})'/.exec(page) ?? []
  const fields = { ...JSON.parse(submitted), passkey_login: device.get(optionsOf(flow, 'passkey_challenge')) }
  expect((await native.submit('login', flow, fields)).status).toBe(200)

  const served = await project.call('GET', '/.well-known/ory/webauthn.js', { token: null })
  const functions = [...page.matchAll(/^\| `(ory\w+)`(?:, `(ory\w+)`)?/gm)].flatMap(([, ...names]) =>
    names.filter(Boolean),
  )
  expect(functions).toHaveLength(6)
  for (const name of functions) expect(served.body).toContain(`${name}:`)

  const [{ id }] = await identitiesWith(project, email)
  const paths = [...page.matchAll(/"?\$K(\/admin\/identities\/\$ID[^\s"]*)/g)].map(([, path = '']) =>
    path.replace('$ID', id),
  )
  const answers = []
  for (const [at, path] of paths.entries()) answers.push(await project.call(at === 0 ? 'GET' : 'DELETE', path))
  expect(answers[0]?.body.credentials.passkey.config.credentials).toHaveLength(1)
  expect(answers.map(({ status }) => status)).toEqual([200, 204, 204])
  await app.close()
})
