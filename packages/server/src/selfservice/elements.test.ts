import { afterAll, beforeAll, expect, test } from 'vitest'
import { openFlows } from '../../test/people.ts'

let app: Awaited<ReturnType<typeof openFlows>>
beforeAll(async () => {
  app = await openFlows('memory')
})
afterAll(() => app.close())

const read = (project: Awaited<ReturnType<typeof app.project>>) =>
  project.call('GET', '/elements/configuration', { token: null })

test('pages are told the addresses of the flows and what is switched on, without a token', async () => {
  const project = await app.project(({ selfservice, ...identity }) => {
    const { flows } = selfservice
    const changed = {
      ...flows,
      recovery: { ...flows.recovery, enabled: false, ui_url: 'https://pages.example/recover' },
    }
    return { ...identity, selfservice: { ...selfservice, flows: changed } }
  })
  const { status, body } = await read(project)
  expect(status).toBe(200)
  expect(body).toEqual({
    name: 'Harbour',
    default_redirect_url: expect.stringMatching(/^http:\/\/localhost:4000\//),
    error_ui_url: 'http://localhost:4000/ui/error',
    login_ui_url: 'http://localhost:4000/ui/login',
    recovery_ui_url: 'https://pages.example/recover',
    registration_ui_url: 'http://localhost:4000/ui/registration',
    settings_ui_url: 'http://localhost:4000/ui/settings',
    verification_ui_url: 'http://localhost:4000/ui/verification',
    recovery_enabled: false,
    registration_enabled: true,
    verification_enabled: true,
    hide_ory_branding: true,
    hide_registration_link: false,
  })
})

test('pages are told how the project looks, and nothing else of its configuration', async () => {
  const project = await app.project()
  const { ctx } = project
  const accountExperience = {
    name: 'Quay',
    logo_light: 'https://harbour.example/logo.svg',
    logo_dark: '',
    contact_url: 'mailto:help@harbour.example',
    hide_registration_link: true,
    theme_variables_light: { '--secret': 'x' },
  }
  Object.assign(ctx, { config: { ...ctx.config, accountExperience } })
  const { body } = await read(project)
  expect(body).toMatchObject({
    name: 'Quay',
    logo_light_url: 'https://harbour.example/logo.svg',
    contact_url: 'mailto:help@harbour.example',
    hide_registration_link: true,
  })
  expect(Object.keys(body)).not.toContain('logo_dark_url')
  expect(JSON.stringify(body)).not.toContain('secret')
})
