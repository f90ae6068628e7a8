import methods from './default-methods.json' with { type: 'json' }
import person from './person.schema.json' with { type: 'json' }

/** The document of the built-in project, in the format of a project file. */
export function defaultDocument(port: number) {
  const origin = `http://localhost:${port}`
  const page = (name: string) => `${origin}/ui/${name}`
  return {
    name: 'Latchkey',
    slug: 'default',
    cors_public: { enabled: false, origins: [] },
    services: {
      identity: {
        config: {
          serve: { public: { base_url: `${origin}/`, port }, admin: { base_url: `${origin}/` } },
          selfservice: {
            default_browser_return_url: page('sessions'),
            allowed_return_urls: [origin],
            methods: { ...methods, link: { ...methods.link, config: { confirm_url: page('link') } } },
            flows: {
              login: { ui_url: page('login') },
              registration: {
                ui_url: page('registration'),
                style: 'unified',
                after: {
                  password: { hooks: [{ hook: 'session' }, { hook: 'show_verification_ui' }] },
                  code: { hooks: [{ hook: 'session' }] },
                  passkey: { hooks: [{ hook: 'session' }, { hook: 'show_verification_ui' }] },
                  oidc: { hooks: [{ hook: 'session' }] },
                },
              },
              settings: {
                ui_url: page('settings'),
                privileged_session_max_age: '15m',
                after: { profile: { hooks: [{ hook: 'show_verification_ui' }] } },
              },
              recovery: { enabled: true, ui_url: page('recovery'), use: 'code' },
              verification: { enabled: true, ui_url: page('verification'), use: 'code' },
              logout: { after: { default_browser_return_url: page('logout') } },
              error: { ui_url: page('error') },
            },
          },
          session: { lifespan: '720h', whoami: { required_aal: 'highest_available' } },
          cookies: { secure: 'false' },
          identity: { default_schema_id: 'person', schemas: [{ id: 'person', url: inline(person) }] },
          courier: { delivery_strategy: 'mailbox', smtp: { from_address: 'no-reply@localhost' } },
          feature_flags: { use_continue_with_transitions: true },
        },
      },
    },
  }
}

function inline(document: object): string {
  return `base64://${Buffer.from(JSON.stringify(document)).toString('base64')}`
}
