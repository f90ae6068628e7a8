import Type from 'typebox'
import { choice, closed, duration, flag, integer, strings, text, textFlag, uri, uriReference } from './kinds.ts'

const socket = closed({ owner: text(''), group: text(''), mode: integer(0o755, { minimum: 0, maximum: 0o777 }) })

const tlsSource = closed({ path: Type.Optional(Type.String()), base64: Type.Optional(Type.String()) })
export const tls = Type.Optional(closed({ key: Type.Optional(tlsSource), cert: Type.Optional(tlsSource) }))

const requestLog = closed({ disable_for_health: flag(false) })

const corsMethods = ['POST', 'GET', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'HEAD', 'OPTIONS', 'TRACE'] as const

const cors = closed({
  enabled: flag(false),
  allowed_origins: Type.Array(
    Type.String({
      minLength: 1,
      not: { pattern: '\\*.*\\*' },
      anyOf: [{ format: 'uri' }, { const: '*' }],
      expected: 'an origin with at most one asterisk, or *',
    }),
    { uniqueItems: true, default: ['*'] },
  ),
  allowed_methods: Type.Array(choice(corsMethods), { default: ['POST', 'GET', 'PUT', 'PATCH', 'DELETE'] }),
  allowed_headers: strings([
    'Authorization',
    'Content-Type',
    'Max-Age',
    'X-Session-Token',
    'X-XSRF-TOKEN',
    'X-CSRF-TOKEN',
  ]),
  exposed_headers: strings(['Content-Type']),
  allow_credentials: flag(true),
  options_passthrough: flag(false),
  max_age: integer(0, { minimum: 0 }),
  debug: flag(false),
})

const port = (fallback: number) => integer(fallback, { minimum: 1, maximum: 65_535 })

/** Listeners. `base_url` is filled in from host and port where the file has none. */
export const serve = closed({
  public: closed({
    base_url: uriReference(),
    host: text('0.0.0.0'),
    port: port(4433),
    cors,
    request_log: requestLog,
    socket,
    tls,
  }),
  admin: closed({
    base_url: uri(),
    host: text('0.0.0.0'),
    port: port(4434),
    request_log: requestLog,
    socket,
    tls,
  }),
})

export const log = closed({
  level: choice(['trace', 'debug', 'info', 'warning', 'error', 'fatal', 'panic'], 'info'),
  leak_sensitive_values: Type.Optional(Type.Boolean()),
  redaction_text: Type.Optional(Type.String()),
  format: Type.Optional(choice(['json', 'text'])),
})

const sampling = (property: string) => closed({ [property]: Type.Optional(Type.Number()) })

export const tracing = closed({
  provider: Type.Optional(choice(['jaeger', 'otel', 'zipkin'])),
  service_name: Type.Optional(Type.String()),
  deployment_environment: Type.Optional(Type.String()),
  providers: Type.Optional(
    closed({
      jaeger: Type.Optional(
        closed({
          local_agent_address: Type.Optional(Type.String()),
          sampling: Type.Optional(
            closed({ server_url: Type.Optional(uri()), trace_id_ratio: Type.Optional(Type.Number()) }),
          ),
        }),
      ),
      zipkin: Type.Optional(
        closed({ server_url: Type.Optional(uri()), sampling: Type.Optional(sampling('sampling_ratio')) }),
      ),
      otlp: Type.Optional(
        closed({
          server_url: Type.Optional(Type.String()),
          insecure: Type.Optional(Type.Boolean()),
          sampling: Type.Optional(sampling('sampling_ratio')),
          authorization_header: Type.Optional(Type.String()),
        }),
      ),
    }),
  ),
})

const longSecret = Type.String({ minLength: 16, expected: 'a secret of at least 16 characters' })
const cipherSecret = Type.String({ minLength: 32, maxLength: 32, expected: 'a secret of exactly 32 characters' })

/** The first of each list signs and encrypts; all of them verify and decrypt. */
export const secrets = closed({
  default: Type.Array(longSecret, { uniqueItems: true, default: [] }),
  cookie: Type.Array(longSecret, { uniqueItems: true, default: [] }),
  pagination: Type.Optional(Type.Array(longSecret, { minItems: 1 })),
  cipher: Type.Optional(Type.Array(cipherSecret, { minItems: 1 })),
})

export const ciphers = Type.Object({ algorithm: choice(['noop', 'aes', 'xchacha20-poly1305'], 'noop') })

export const cookies = closed({
  domain: Type.Optional(Type.String()),
  path: text('/'),
  secure: Type.Optional(textFlag()),
  same_site: choice(['Strict', 'Lax', 'None'], 'Lax'),
})

const webHookHeaders = [
  ...['Accept', 'Accept-Encoding', 'Accept-Language', 'Content-Length', 'Content-Type', 'Origin', 'Priority'],
  ...['Referer', 'Sec-Ch-Ua', 'Sec-Ch-Ua-Mobile', 'Sec-Ch-Ua-Platform', 'Sec-Fetch-Dest', 'Sec-Fetch-Mode'],
  ...['Sec-Fetch-Site', 'Sec-Fetch-User', 'True-Client-Ip', 'User-Agent'],
]

/** What the server may reach, and which of the caller's headers a web hook is told. */
export const clients = Type.Object({
  http: Type.Object({
    disallow_private_ip_ranges: flag(false),
    private_ip_exception_urls: Type.Array(uriReference(), { default: [] }),
  }),
  web_hook: Type.Object({ header_allowlist: strings(webHookHeaders) }),
})

export const featureFlags = closed({
  cacheable_sessions: flag(false),
  cacheable_sessions_max_age: Type.Optional(duration()),
  use_continue_with_transitions: flag(false),
  choose_recovery_address: flag(false),
  legacy_continue_with_verification_ui: flag(false),
  legacy_require_verified_login_error: flag(false),
  faster_session_extend: flag(false),
  password_profile_registration_node_group: choice(['password', 'default'], 'default'),
  legacy_oidc_registration_node_group: flag(false),
})

export const database = closed({
  cleanup: Type.Object({
    batch_size: integer(100, { minimum: 1 }),
    sleep: Type.Object({ tables: duration('1m') }),
    older_than: duration('0s'),
  }),
})

export const oauth2Provider = closed({
  url: Type.Optional(uri()),
  headers: Type.Optional(Type.Record(Type.String(), Type.String())),
  override_return_to: flag(false),
})

export const preview = Type.Object({ default_read_consistency_level: choice(['strong', 'eventual'], 'strong') })

export const enterprise = closed({ identity_schema_fallback_url_template: Type.Optional(Type.String()) })

/** Single keys at the top of the file. */
export const topLevel = {
  dsn: Type.Optional(Type.String()),
  version: Type.Optional(Type.String()),
  dev: flag(false),
  help: Type.Optional(Type.Boolean()),
  'sqa-opt-out': flag(false),
  'watch-courier': flag(false),
  'expose-metrics-port': integer(0, { minimum: 0, maximum: 65_535 }),
  config: Type.Optional(Type.Array(Type.String())),
  organizations: Type.Array(Type.Unknown(), { default: [] }),
  revision: Type.Optional(Type.String()),
}
