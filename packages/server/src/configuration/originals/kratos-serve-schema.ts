import Type from 'typebox'
import { corsSchema } from '../../kernel/config/cors.ts'
import {
  choice,
  closedObject,
  cookieDomain,
  cookiePath,
  duration,
  flag,
  headerMap,
  integer,
  strings,
  text,
  textFlag,
  uri,
  uriReference,
} from '../../kernel/config/schema-builders.ts'
import { ignoredKey, notSupported, refusedKey } from '../../kernel/config/support.ts'
import { tls } from '../../kernel/config/tls.ts'

/** Permissions of a Unix socket, for a host such as `unix:/path`. */
export const socket = closedObject({
  owner: notSupported(text(''), 'a socket belongs to the user that the server runs as'),
  group: notSupported(text(''), 'a socket belongs to the user that the server runs as'),
  mode: integer(0o755, { minimum: 0, maximum: 0o777 }),
})

export const requestLog = closedObject({ disable_for_health: flag(false) })

const cors = corsSchema({
  origins: ['*'],
  headers: ['Authorization', 'Content-Type', 'Max-Age', 'X-Session-Token', 'X-XSRF-TOKEN', 'X-CSRF-TOKEN'],
  exposed: ['Content-Type'],
})

const port = (fallback: number) => integer(fallback, { minimum: 1, maximum: 65_535 })

/**
 * Listeners. The default of `base_url` is derived from host and port. An empty host means all interfaces; in development
 * mode, this machine only.
 */
export const serve = closedObject({
  public: closedObject({
    base_url: uriReference(),
    host: text(''),
    port: port(4433),
    cors,
    request_log: requestLog,
    socket,
    tls,
  }),
  admin: closedObject({
    base_url: uri(),
    host: text(''),
    port: port(4434),
    request_log: requestLog,
    socket,
    tls,
  }),
})

export const log = closedObject({
  level: choice(['trace', 'debug', 'info', 'warning', 'error', 'fatal', 'panic'], 'info'),
  leak_sensitive_values: ignoredKey(Type.Optional(Type.Boolean()), 'secrets are never written to the log'),
  redaction_text: Type.Optional(Type.String()),
  format: Type.Optional(choice(['json', 'text'])),
})

const onlyOtel = 'traces are sent by OTLP only'

/** Tracing; the environment variables `OTEL_…` take precedence. */
export const tracing = closedObject({
  provider: notSupported(Type.Optional(choice(['jaeger', 'otel', 'zipkin'])), onlyOtel, ['otel']),
  service_name: Type.Optional(Type.String()),
  deployment_environment: Type.Optional(Type.String()),
  providers: Type.Optional(
    closedObject({
      jaeger: notSupported(
        Type.Optional(
          closedObject({
            local_agent_address: Type.Optional(Type.String()),
            sampling: Type.Optional(
              closedObject({ server_url: Type.Optional(uri()), trace_id_ratio: Type.Optional(Type.Number()) }),
            ),
          }),
        ),
        onlyOtel,
      ),
      zipkin: notSupported(
        Type.Optional(
          closedObject({
            server_url: Type.Optional(uri()),
            sampling: Type.Optional(closedObject({ sampling_ratio: Type.Optional(Type.Number()) })),
          }),
        ),
        onlyOtel,
      ),
      otlp: Type.Optional(
        closedObject({
          server_url: Type.Optional(Type.String()),
          insecure: Type.Optional(Type.Boolean()),
          sampling: Type.Optional(closedObject({ sampling_ratio: Type.Optional(Type.Number()) })),
          authorization_header: Type.Optional(Type.String()),
        }),
      ),
    }),
  ),
})

const longSecret = Type.String({ minLength: 16, expected: 'a secret of at least 16 characters' })
const cipherSecret = Type.String({ minLength: 32, maxLength: 32, expected: 'a secret of exactly 32 characters' })

/**
 * The secrets from which keys are derived: `cipher`, or `default` if there is none. The first one is the current one;
 * what was encrypted or signed with the others is still accepted. `cookie`, or `default`, decrypts the session cookies
 * that Kratos set before the move; cookies of Latchkey carry random tokens, which need no signature.
 */
export const secrets = closedObject({
  default: Type.Array(longSecret, { uniqueItems: true, default: [] }),
  cookie: Type.Array(longSecret, { uniqueItems: true, default: [] }),
  pagination: ignoredKey(
    Type.Optional(Type.Array(longSecret, { minItems: 1 })),
    'page tokens are signed with a key derived from the other secrets',
  ),
  cipher: Type.Optional(Type.Array(cipherSecret, { minItems: 1 })),
})

export const ciphers = Type.Object({
  algorithm: ignoredKey(
    choice(['noop', 'aes', 'xchacha20-poly1305'], 'noop'),
    'what is stored encrypted is always encrypted with AES-256-GCM',
  ),
})

export const cookies = closedObject({
  domain: Type.Optional(cookieDomain()),
  path: cookiePath({ default: '/' }),
  secure: Type.Optional(textFlag()),
  same_site: choice(['Strict', 'Lax', 'None'], 'Lax'),
})

const webHookHeaders = [
  ...['Accept', 'Accept-Encoding', 'Accept-Language', 'Content-Length', 'Content-Type', 'Origin', 'Priority'],
  ...['Referer', 'Sec-Ch-Ua', 'Sec-Ch-Ua-Mobile', 'Sec-Ch-Ua-Platform', 'Sec-Fetch-Dest', 'Sec-Fetch-Mode'],
  ...['Sec-Fetch-Site', 'Sec-Fetch-User', 'True-Client-Ip', 'User-Agent'],
]

/** Outgoing requests, and the request headers that web hooks receive. */
export const clients = Type.Object({
  http: Type.Object({
    disallow_private_ip_ranges: flag(false),
    private_ip_exception_urls: Type.Array(uriReference({ format: 'uri-reference-pattern' }), { default: [] }),
  }),
  smtp: Type.Object({
    disallow_private_ip_ranges: flag(false),
  }),
  web_hook: Type.Object({ header_allowlist: strings(webHookHeaders) }),
})

export const featureFlags = closedObject({
  cacheable_sessions: flag(false),
  cacheable_sessions_max_age: Type.Optional(duration()),
  use_continue_with_transitions: flag(false),
  choose_recovery_address: flag(false),
  legacy_continue_with_verification_ui: flag(false),
  legacy_require_verified_login_error: flag(false),
  legacy_allow_insecure_origins: ignoredKey(flag(false), 'it has an effect in the Ory Network only'),
  refresh_login_choose_address: notSupported(flag(false), 'a code to sign in again is asked for with the identifier'),
  faster_session_extend: flag(false),
  password_profile_registration_node_group: notSupported(choice(['password', 'default'], 'default')),
  legacy_oidc_registration_node_group: flag(false),
})

export const database = closedObject({
  cleanup: Type.Object({
    batch_size: integer(100, { minimum: 1 }),
    sleep: Type.Object({
      tables: ignoredKey(duration('1m'), 'clean-up runs once a minute and lets requests go first between two batches'),
    }),
    older_than: duration('0s'),
  }),
})

export const oauth2Provider = closedObject({
  url: Type.Optional(uri()),
  headers: headerMap({ default: {} }),
  override_return_to: flag(false),
})

export const preview = Type.Object({
  default_read_consistency_level: ignoredKey(
    choice(['strong', 'eventual'], 'strong'),
    'reads always see everything that was written before them',
  ),
})

export const enterprise = closedObject({
  identity_schema_fallback_url_template: notSupported(Type.Optional(Type.String())),
})

const organizationsAreMissing = 'people of these domains would not be held to the sign-in of their organization'

const commandLine = 'an option of the command line of the original'

/** Top-level keys. */
export const topLevel = {
  dsn: Type.Optional(Type.String({ format: 'dsn' })),
  version: ignoredKey(Type.Optional(Type.String()), 'it says which version of the original the file was written for'),
  dev: flag(false),
  help: ignoredKey(Type.Optional(Type.Boolean()), commandLine),
  'sqa-opt-out': ignoredKey(flag(false), 'nothing is reported to anybody'),
  'watch-courier': ignoredKey(flag(false), 'the courier always runs with the server'),
  'expose-metrics-port': notSupported(
    integer(0, { minimum: 0, maximum: 65_535 }),
    'metrics are at /metrics/prometheus of the admin listener',
  ),
  config: ignoredKey(Type.Optional(Type.Array(Type.String())), commandLine),
  organizations: refusedKey(Type.Array(Type.Unknown(), { default: [] }), organizationsAreMissing),
  revision: ignoredKey(Type.Optional(Type.String()), 'a name for the contents of the file'),
}
