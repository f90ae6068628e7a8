import { uiText } from '@latchkey/api'
import type { Flow, FlowIdentity, UiNode, UiText } from '../src/flow/flow.ts'
import type { FlowKind, FlowPage, Mail, Page, Session, View } from '../src/page.ts'
import { code, csrf, hidden, input, password, person, script, submit, titled } from './nodes.ts'

/** Every page in its relevant states, with data in the format of the API. */

export const ada: FlowIdentity = {
  id: '5f3a1c52-2f0e-4d0a-9b57-0d1a2b3c4d5e',
  traits: { email: 'ada@example.org', name: { first: 'Ada', last: 'Lovelace' } },
  verifiable_addresses: [
    { value: 'ada@example.org', verified: true, via: 'email' },
    { value: 'ada.lovelace@work.example', verified: false, via: 'email' },
  ],
}

export function flow(kind: FlowKind, nodes: UiNode[], more: Partial<Flow> & { messages?: UiText[] } = {}): FlowPage {
  const { messages, ...rest } = more
  const action = `http://localhost:4000/self-service/${kind}?flow=1`
  return {
    kind,
    flow: { id: '1', state: 'choose_method', ...rest, ui: { action, method: 'POST', nodes, messages } },
  }
}

function identifier(value = '', messages: UiText[] = []): UiNode {
  const attributes = { name: 'identifier', type: 'text', required: true, value }
  return input('default', attributes, titled('identifier', 'Email'), messages)
}

const signInNodes = (value = ''): UiNode[] => [
  csrf,
  identifier(value),
  submit('code', 'method', 'code', uiText(1010015)),
  password('current-password'),
  submit('password', 'method', 'password', uiText(1010022)),
]

const codeNodes = (label: UiText, messages: UiText[] = []): UiNode[] => [
  code(label, messages),
  hidden('code', 'method', 'code'),
  submit('code', 'resend', 'code', uiText(1070008)),
  submit('code', 'method', 'code', uiText(1070009)),
]

const passkeyNodes: UiNode[] = [
  input(
    'passkey',
    { name: 'passkey_login_trigger', type: 'button', value: '', onclickTrigger: 'oryPasskeyLogin' },
    uiText(1010021),
  ),
  hidden('passkey', 'passkey_login', undefined, { onloadTrigger: 'oryPasskeyLoginAutocompleteInit' }),
  hidden('passkey', 'passkey_challenge', '{"publicKey":{"challenge":"abc"}}'),
]

const google = { provider: 'Google', provider_id: 'google' }

const login: Record<string, Page> = {
  login: flow('login', signInNodes()),
  'login-restarted': { ...flow('login', signInNodes()), restarted: true },
  'login-wrong': flow('login', signInNodes('ada@example.org'), { messages: [uiText(4000006)] }),
  'login-many-methods': flow('login', [
    submit('oidc', 'provider', 'google', uiText(1010002, google)),
    submit('oidc', 'provider', 'acme', uiText(1010002, { provider: 'Acme', provider_id: 'acme' })),
    ...signInNodes(),
    script,
    submit('webauthn', 'method', 'webauthn', uiText(1010008)),
    ...passkeyNodes,
  ]),
  'login-code': flow(
    'login',
    [hidden('default', 'identifier', 'ada@example.org'), ...codeNodes(uiText(1070013)), csrf],
    {
      state: 'sent_email',
      active: 'code',
      messages: [uiText(1010014)],
    },
  ),
  'login-code-wrong': flow(
    'login',
    [csrf, hidden('default', 'identifier', 'ada@example.org'), ...codeNodes(uiText(1070013))],
    {
      state: 'sent_email',
      active: 'code',
      messages: [uiText(4010008)],
    },
  ),
  'login-refresh': flow(
    'login',
    [csrf, hidden('default', 'identifier', 'ada@example.org'), ...signInNodes().slice(3)],
    {
      refresh: true,
      messages: [uiText(1010003)],
    },
  ),
  'login-second-factor': flow(
    'login',
    [
      csrf,
      input('totp', { name: 'totp_code', type: 'text', required: true, value: '' }, uiText(1010006)),
      submit('totp', 'method', 'totp', uiText(1010009)),
      input('lookup_secret', { name: 'lookup_secret', type: 'text', required: true, value: '' }, uiText(1010007)),
      submit('lookup_secret', 'method', 'lookup_secret', uiText(1010010)),
    ],
    { requested_aal: 'aal2', messages: [uiText(1010004)] },
  ),
  'login-expired': flow('login', signInNodes(), {
    messages: [uiText(4010001, { expired_at: '2026-03-04T10:00:00Z', expired_at_unix: 1_772_618_400 })],
  }),
}

const registrationNodes = (values: Parameters<typeof person>[1] = {}, passwordMessages: UiText[] = []): UiNode[] => [
  csrf,
  ...person('default', values),
  submit('code', 'method', 'code', uiText(1040006)),
  password('new-password', passwordMessages),
  submit('password', 'method', 'password', uiText(1040001)),
]

const registration: Record<string, Page> = {
  registration: flow('registration', registrationNodes()),
  'registration-wrong': flow(
    'registration',
    registrationNodes(
      {
        email: 'nonsense',
        first: 'Ada',
        newsletter: true,
        messages: { email: [uiText(4000040, { value: 'nonsense' })] },
      },
      [uiText(4000032, { min_length: 8, actual_length: 3 })],
    ),
  ),
  'registration-code': flow(
    'registration',
    [
      csrf,
      hidden('default', 'traits.email', 'ada@example.org', { autocomplete: 'email' }),
      hidden('default', 'traits.name.first', 'Ada'),
      ...codeNodes(uiText(1070012)),
    ],
    { state: 'sent_email', active: 'code', messages: [uiText(1040005)] },
  ),
  'registration-method': flow(
    'registration',
    [
      submit('oidc', 'provider', 'google', uiText(1040002, google)),
      csrf,
      hidden('default', 'traits.email', 'ada@example.org', { autocomplete: 'email' }),
      input('webauthn', { name: 'webauthn_register_displayname', type: 'text', value: '' }, uiText(1050013)),
      hidden('webauthn', 'webauthn_register', ''),
      input(
        'webauthn',
        { name: 'webauthn_register_trigger', type: 'button', value: '{}', onclickTrigger: 'oryWebAuthnRegistration' },
        uiText(1040004),
      ),
      script,
      password('new-password'),
      submit('password', 'method', 'password', uiText(1040001)),
      submit('profile', 'screen', 'previous', uiText(1040008)),
    ],
    { messages: [uiText(1040009)] },
  ),
}

const email = (group: string, value?: string, messages: UiText[] = []): UiNode =>
  input(group, { name: 'email', type: 'email', required: true, value }, uiText(1070007), messages)

const recoveryAndVerification: Record<string, Page> = {
  recovery: flow('recovery', [csrf, email('code'), submit('code', 'method', 'code', uiText(1070009))]),
  'recovery-code': flow(
    'recovery',
    [
      csrf,
      code(uiText(1070010)),
      hidden('code', 'method', 'code'),
      submit('code', 'method', 'code', uiText(1070009)),
      submit('code', 'email', 'ada@example.org', uiText(1070008)),
    ],
    { state: 'sent_email', active: 'code', messages: [uiText(1060003)] },
  ),
  'recovery-link': flow(
    'recovery',
    [csrf, email('link', 'ada@example.org'), submit('link', 'method', 'link', uiText(1070009))],
    { state: 'sent_email', active: 'link', messages: [uiText(1060002)] },
  ),
  'recovery-any-address': flow(
    'recovery',
    [
      csrf,
      input('code', { name: 'recovery_address', type: 'text', required: true }, uiText(1070016)),
      submit('code', 'method', 'code', uiText(1070009)),
    ],
    { state: 'recovery_awaiting_address', active: 'code' },
  ),
  'recovery-choice': flow(
    'recovery',
    [
      csrf,
      ...['+49****12', 'ad****@example.org', 'lo****@work.example'].map((masked, index) =>
        submit('code', 'recovery_select_address', `choice-${index}`, uiText(1070000, { masked_address: masked })),
      ),
      hidden('code', 'method', 'code'),
      hidden('code', 'recovery_address', 'ada@example.org'),
    ],
    { state: 'recovery_awaiting_address_choice', active: 'code', messages: [uiText(1060006)] },
  ),
  'recovery-full-address': flow(
    'recovery',
    [
      csrf,
      input('code', { name: 'recovery_confirm_address', type: 'tel', required: true }, uiText(1070017)),
      hidden('code', 'recovery_address', 'ada@example.org'),
      submit('code', 'method', 'code', uiText(1070009)),
      hidden('code', 'method', 'code'),
      submit('code', 'screen', 'previous', uiText(1060007)),
    ],
    { state: 'recovery_confirming_address', active: 'code', messages: [uiText(1060005)] },
  ),
  'recovery-chosen-code': flow(
    'recovery',
    [
      csrf,
      code(uiText(1070010)),
      submit('code', 'method', 'code', uiText(1070009)),
      hidden('code', 'method', 'code'),
      submit('code', 'recovery_confirm_address', '+491512621012', uiText(1070008)),
      hidden('code', 'recovery_address', 'ada@example.org'),
      submit('code', 'screen', 'previous', uiText(1060007)),
    ],
    {
      state: 'recovery_awaiting_code',
      active: 'code',
      messages: [uiText(1060004, { masked_address: '+49****12' })],
    },
  ),
  verification: flow('verification', [email('code'), submit('code', 'method', 'code', uiText(1070009)), csrf]),
  'verification-wrong': flow(
    'verification',
    [
      hidden('code', 'method', 'code'),
      code(uiText(1070011)),
      submit('code', 'method', 'code', uiText(1070009)),
      csrf,
      submit('code', 'email', 'ada@example.org', uiText(1070008)),
    ],
    { state: 'sent_email', active: 'code', messages: [uiText(4070006)] },
  ),
  'verification-done': flow(
    'verification',
    [
      csrf,
      {
        type: 'a',
        group: 'code',
        attributes: { node_type: 'a', id: 'continue', href: 'https://app.example.org/welcome', title: uiText(1070009) },
        messages: [],
        meta: { label: uiText(1070009) },
      },
    ],
    { state: 'passed_challenge', messages: [uiText(1080002)] },
  ),
}

const profileNodes = (values: Parameters<typeof person>[1]): UiNode[] => [
  ...person('profile', values),
  submit('profile', 'method', 'profile', uiText(1070003)),
]

const newPassword: UiNode[] = [password('new-password'), submit('password', 'method', 'password', uiText(1070003))]
const known = { email: 'ada@example.org', first: 'Ada', last: 'Lovelace', newsletter: true }

const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='

const text = (group: string, id: string, content: UiText, label: UiText): UiNode => ({
  type: 'text',
  group,
  attributes: { node_type: 'text', id, text: content },
  messages: [],
  meta: { label },
})

const backupCodes = ['k3v8x2mq', 'p9d4t7wz', 'h6n1c5rb'].map((secret) => uiText(1050009, { secret }))

const settings: Record<string, Page> = {
  settings: flow('settings', [csrf, ...profileNodes(known), ...newPassword], { state: 'show_form', identity: ada }),
  'settings-saved': flow('settings', [csrf, ...profileNodes(known), ...newPassword], {
    state: 'success',
    identity: ada,
    messages: [uiText(1050001)],
  }),
  'settings-recovered': flow('settings', [csrf, ...profileNodes(known), ...newPassword], {
    state: 'show_form',
    identity: ada,
    messages: [
      uiText(1060001, {
        privilegedSessionExpiresAt: '',
        privileged_session_expires_at: '',
        privileged_session_expires_at_unix: 0,
      }),
    ],
  }),
  'settings-wrong': flow(
    'settings',
    [
      csrf,
      ...profileNodes({ ...known, email: 'x', messages: { email: [uiText(4000040, { value: 'x' })] } }),
      ...newPassword,
    ],
    { state: 'show_form', identity: ada },
  ),
  'settings-everything': flow(
    'settings',
    [
      csrf,
      ...profileNodes(known),
      ...newPassword,
      submit('oidc', 'link', 'acme', uiText(1050002, { provider: 'Acme' })),
      submit('oidc', 'unlink', 'google', uiText(1050003, { provider: 'Google' })),
      input('webauthn', { name: 'webauthn_register_displayname', type: 'text', value: '' }, uiText(1050013)),
      input(
        'webauthn',
        { name: 'webauthn_register_trigger', type: 'button', value: '{}', onclickTrigger: 'oryWebAuthnRegistration' },
        uiText(1050012),
      ),
      input(
        'passkey',
        {
          name: 'passkey_register_trigger',
          type: 'button',
          value: '',
          onclickTrigger: 'oryPasskeySettingsRegistration',
        },
        uiText(1050019),
      ),
      hidden('passkey', 'passkey_settings_register'),
      {
        type: 'img',
        group: 'totp',
        attributes: { node_type: 'img', id: 'totp_qr', src: pixel, width: 256, height: 256 },
        messages: [],
        meta: { label: uiText(1050005) },
      },
      text('totp', 'totp_secret_key', uiText(1050006, { secret: 'JBSWY3DPEHPK3PXP' }), uiText(1050017)),
      input('totp', { name: 'totp_code', type: 'text', required: true }, uiText(1070006), [uiText(4000008)]),
      submit('totp', 'method', 'totp', uiText(1070003)),
      text(
        'lookup_secret',
        'lookup_secret_codes',
        uiText(1050015, {
          secrets: [...backupCodes, uiText(1050014, { used_at: '2026-03-04T10:00:00Z', used_at_unix: 1_772_618_400 })],
        }),
        uiText(1050010),
      ),
      submit('lookup_secret', 'lookup_secret_confirm', 'true', uiText(1050011)),
      input(
        'profile',
        { name: 'traits.plan', type: 'text', value: 'free', options: [{ value: 'free' }, { value: 'team' }] },
        titled('traits.plan', 'Plan'),
      ),
      script,
      {
        type: 'div',
        group: 'captcha',
        attributes: { node_type: 'div', id: 'captcha', class: 'captcha', data: { sitekey: 'key' } },
        messages: [],
        meta: {},
      },
    ],
    { state: 'show_form', identity: ada },
  ),
}

const agents = {
  laptop:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15',
  phone: 'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Mobile Safari/537.36',
  tool: 'curl/8.9.1',
}

export function session(id: string, agent: string, more: Partial<Session> = {}): Session {
  const devices = [{ id: `device-${id}`, ip_address: '203.0.113.7', location: 'Berlin, DE', user_agent: agent }]
  return { id, authenticated_at: '2026-03-04T09:12:00Z', authenticator_assurance_level: 'aal1', devices, ...more }
}

const mail: Mail = {
  id: 'm1',
  recipient: 'ada@example.org',
  subject: 'Your code is 482913',
  body: 'Hello,\n\nto confirm your address, enter this code:\n\n482913\n\nOr follow http://localhost:4000/self-service/verification?code=482913&flow=1.\n',
  html: '<p style="color:#333">Enter <b>482913</b> or <a href="http://localhost:4000/">follow this link</a>.</p>',
  created_at: '2026-03-04T09:20:00Z',
  url: '/dev/mailbox/m1',
}

const others: Record<string, Page> = {
  'error-security': {
    kind: 'error',
    error: {
      id: 'e1',
      error: {
        id: 'security_csrf_violation',
        code: 403,
        status: 'Forbidden',
        message: 'the csrf token does not fit',
        reason: 'The cookie is missing.',
      },
    },
  },
  'error-server': { kind: 'error', error: { id: 'e2', error: { code: 500, status: 'Internal Server Error' } } },
  'error-not-found': { kind: 'error', error: { error: { code: 404, status: 'Not Found' } } },
  'logout-confirm': { kind: 'logout', state: 'confirm', action: '/ui/logout', identity: ada },
  'logout-done': { kind: 'logout', state: 'done' },
  sessions: {
    kind: 'sessions',
    session: session('s1', agents.laptop, { identity: ada, authenticator_assurance_level: 'aal2' }),
    sessions: [session('s2', agents.phone), session('s3', agents.tool)],
    action: '/ui/sessions',
    ended: 'one',
  },
  'sessions-alone': {
    kind: 'sessions',
    session: session('s1', agents.laptop, { identity: ada }),
    sessions: [],
    action: '/ui/sessions',
  },
  welcome: {
    kind: 'welcome',
    origin: 'http://localhost:4000',
    mailboxUrl: '/dev/mailbox',
    openapiUrl: '/openapi.json',
    token: { value: 'ory_pat_EXAMPLEEXAMPLEEXAMPLEEXAMPLE' },
  },
  'welcome-again': {
    kind: 'welcome',
    origin: 'http://localhost:4000',
    mailboxUrl: '/dev/mailbox',
    openapiUrl: '/openapi.json',
    token: { command: 'npm run -s latchkey -- token create' },
  },
  mailbox: {
    kind: 'mailbox',
    messages: [
      {
        ...mail,
        id: 'm0',
        subject: 'Recover your account',
        body: 'Follow http://localhost:4000/r?token=x',
        created_at: '2026-03-04T08:00:00Z',
      },
      mail,
    ],
    url: '/dev/mailbox',
  },
  'mailbox-empty': { kind: 'mailbox', messages: [], url: '/dev/mailbox' },
  mail: { kind: 'mail', message: mail, mailboxUrl: '/dev/mailbox' },
}

export const pages: Record<string, Page> = {
  ...login,
  ...registration,
  ...recoveryAndVerification,
  ...settings,
  ...others,
}

export const view: View = {
  language: 'en',
  project: { name: 'Latchkey' },
  links: {
    login: '/self-service/login/browser',
    registration: '/self-service/registration/browser',
    recovery: '/self-service/recovery/browser',
    verification: '/self-service/verification/browser',
    settings: '/self-service/settings/browser',
    sessions: '/ui/sessions',
    logout: '/ui/logout',
  },
  basePath: '/ui',
  csrf: 'csrf-of-the-pages',
}
