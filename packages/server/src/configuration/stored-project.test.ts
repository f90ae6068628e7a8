import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { put } from '../kernel/config/environment.ts'
import { defaultDocument } from './default-project.ts'
import { ConfigError, loadProjectFile, loadStoredProject } from './index.ts'

const identity = ['services', 'identity', 'config']
const permission = ['services', 'permission', 'config']
const pem = (name: string) => new URL(`../../test/certificates/${name}.pem`, import.meta.url).pathname

/** Every way in which a project can name a file of the server. */
const files: [key: string, path: string[], value: unknown][] = [
  ['courier.smtp.client_cert_path', [...identity, 'courier', 'smtp', 'client_cert_path'], pem('first.crt')],
  ['courier.smtp.client_key_path', [...identity, 'courier', 'smtp', 'client_key_path'], pem('first.key')],
  ['courier.template_override_path', [...identity, 'courier', 'template_override_path'], '/etc/mail'],
  [
    'courier.templates.login_code.valid.email.subject',
    [...identity, 'courier', 'templates', 'login_code', 'valid', 'email', 'subject'],
    'file:///etc/hostname',
  ],
  ['identity.schemas.0.url', [...identity, 'identity', 'schemas'], [{ id: 'person', url: 'file:///etc/person.json' }]],
  ['serve.public.tls.cert.path', [...identity, 'serve', 'public', 'tls', 'cert', 'path'], pem('first.crt')],
  ['serve.admin.tls.key.path', [...identity, 'serve', 'admin', 'tls', 'key', 'path'], pem('first.key')],
  ['namespaces', [...permission, 'namespaces'], 'file:///etc/keto'],
  ['namespaces.location', [...permission, 'namespaces', 'location'], 'file:///etc/keto/model.ts'],
  ['serve.read.tls.cert.path', [...permission, 'serve', 'read', 'tls', 'cert', 'path'], pem('first.crt')],
  ['serve.read.write_listen_file', [...permission, 'serve', 'read', 'write_listen_file'], 'file:///tmp/address'],
]

const document = defaultDocument(4000)
const load = (value: unknown) =>
  loadStoredProject({ slug: 'pier', name: 'Pier' }, { value, mainBaseUrl: 'http://localhost:4000/' })

async function problemKeys(value: unknown): Promise<string[]> {
  const error = await load(value).catch((refused: unknown) => refused)
  expect(error).toBeInstanceOf(ConfigError)
  return (error as ConfigError).problems.map(({ key }) => key)
}

describe('the document of a stored project', () => {
  it('is loaded where it names no file', async () => {
    const { identity: config } = await load(document)
    expect(config.serve.public.base_url).toBe('http://localhost:4000/')
  })

  it.each(files)('may not name a file of the server at %s', async (key, path, value) => {
    expect(await problemKeys(put(document, path, value))).toContainEqual(expect.stringMatching(`\\.${key}$`))
  })

  it('tells why a file is refused', async () => {
    const path = [...identity, 'courier', 'smtp', 'client_cert_path']
    await expect(load(put(document, path, '/etc/client.pem'))).rejects.toThrow(
      'project pier:1:1  services.identity.config.courier.smtp.client_cert_path: expected no value, as only files of the server may name files, found "/etc/client.pem"',
    )
  })
})

describe('a project file of the operator', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'project-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const loadText = async (value: unknown) => {
    const file = join(folder, 'project.json')
    await writeFile(file, JSON.stringify(value))
    return loadProjectFile(file, {})
  }

  it('may name the files of a client certificate', async () => {
    const path = [...identity, 'courier', 'smtp', 'client_cert_path']
    const { config } = await loadText(put(document, path, pem('first.crt')))
    expect(config.identity.courier.smtp.client_cert_path).toBe(pem('first.crt'))
  })

  const experience = (config: object) => ({
    ...document,
    services: { ...document.services, account_experience: { config } },
  })

  it('says how pages look', async () => {
    const look = { name: 'Pier', theme_variables_light: '{"--brand-500":"#aa0000"}', enabled_locales: ['de'] }
    const { config, notices } = await loadText(experience(look))
    expect(config.accountExperience).toEqual({ ...look, hide_registration_link: false })
    expect(notices.filter(({ key }) => key.includes('account_experience'))).toEqual([])
  })

  it.each([
    ['a key that is not known', { colour: 'red' }, 'colour'],
    ['another type', { hide_registration_link: 'yes' }, 'hide_registration_link'],
    ['an address that runs a script', { privacy_policy_url: 'javascript:alert(1)' }, 'privacy_policy_url'],
    ['a theme that is no JSON', { theme_variables_dark: '--brand-500: red' }, 'theme_variables_dark'],
    [
      'a theme with something other than text',
      { theme_variables_light: { '--brand-500': 7 } },
      'theme_variables_light',
    ],
    ['another behaviour of languages', { locale_behavior: 'random' }, 'locale_behavior'],
  ])('is refused for an appearance with %s', async (_, look, key) => {
    const error = await loadText(experience(look)).catch((refused: unknown) => refused)
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as ConfigError).problems).toMatchObject([
      {
        file: join(folder, 'project.json'),
        key: expect.stringMatching(`^services\\.account_experience\\.config\\.${key}`),
      },
    ])
  })

  it('is told what of an appearance is not there yet', async () => {
    const look = { favicon_light_url: 'https://cdn.example/icon.png', default_locale: 'fr', stylesheet: 'a{}' }
    const { notices } = await loadText(experience(look))
    const keys = notices.map(({ key }) => key).filter((key) => key.includes('account_experience'))
    expect(keys.map((key) => key.split('.').at(-1)).sort()).toEqual([
      'default_locale',
      'favicon_light_url',
      'stylesheet',
    ])
  })
})
