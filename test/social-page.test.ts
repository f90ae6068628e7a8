import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { inline, openProvider, providerConfig, withProviders } from '../packages/server/test/openid-provider.ts'
import { identitiesWith, openFlows, Person } from '../packages/server/test/people.ts'
import { root } from './stage/latchkey.ts'

const page = readFileSync(join(root, 'docs/social-sign-in.md'), 'utf8')
const block = (language: string) => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page)?.[1] ?? ''

it('docs/social-sign-in.md: people sign up with the provider and the mapper of the page', async () => {
  const app = await openFlows('memory')
  const acme = await openProvider()
  acme.state.nowMs = app.clock.now()
  const { selfservice } = parse(block('yaml'))
  const [provider] = selfservice.methods.oidc.config.providers
  const own = { issuer_url: acme.issuer, client_id: 'client', mapper_url: inline(block('jsonnet')) }
  const project = await app.project(await withProviders([providerConfig({ ...provider, ...own })]))

  const ada = new Person(project)
  const flow = await ada.begin('login')
  const [, body = ''] = /self-service\/login\?flow=\$FLOW" \\\n\s+-d '(.*)'/.exec(page) ?? []
  const { csrf_token: _, ...fields } = JSON.parse(body)
  const sent = await ada.submit('login', flow, fields)
  const asked = new URL(sent.body.redirect_browser_to)
  expect([sent.status, asked.searchParams.get('scope')]).toEqual([422, 'email profile openid'])
  expect(asked.searchParams.get('redirect_uri')).toMatch(/\/self-service\/methods\/oidc\/callback\/acme$/)
  const person = {
    sub: 'subject',
    email: 'ada@pier.example',
    email_verified: true,
    picture: 'https://pier.example/a.png',
  }
  const query = new URLSearchParams({ state: asked.searchParams.get('state') ?? '', code: acme.codeFor(person) })
  await ada.call('GET', `/self-service/methods/oidc/callback/acme?${query}`, { headers: { accept: 'text/html' } })
  expect(await ada.whoami()).toBe(person.email)
  const [identity] = await identitiesWith(project, person.email)
  expect([identity.metadata_public, identity.verifiable_addresses[0].verified]).toEqual([
    { picture: person.picture },
    true,
  ])

  const [, path = ''] = /"\$K(\/admin\/identities\/\$ID\/credentials\/oidc\?identifier=acme:subject)"/.exec(page) ?? []
  expect((await project.call('DELETE', path.replace('$ID', identity.id))).status).toBe(204)
  await acme.close()
  await app.close()
})
