import Type, { type Static } from 'typebox'
import { requestAuth } from '../kernel/config/request.ts'
import {
  choice,
  closedObject,
  duration,
  entries,
  filePath,
  headerMap,
  headerValue,
  integer,
  sourcePattern,
  text,
  token,
  uri,
} from '../kernel/config/schema-builders.ts'

/** The HTTP request that delivers a message. Without the Jsonnet of a `body`, the message data is sent as JSON. */
const requestConfig = closedObject({
  url: Type.Optional(uri({ pattern: '^https?://', expected: 'an http(s) URL with a possible host and port' })),
  method: token('an HTTP method', { default: 'POST' }),
  headers: headerMap(),
  body: Type.Optional(Type.String({ format: 'uri', pattern: sourcePattern })),
  auth: Type.Optional(requestAuth),
})

const emailTemplate = closedObject({
  body: Type.Optional(closedObject({ plaintext: Type.Optional(uri()), html: Type.Optional(uri()) })),
  subject: Type.Optional(uri()),
})
const smsTemplate = closedObject({ body: Type.Optional(closedObject({ plaintext: Type.Optional(uri()) })) })
const valid = closedObject({ email: emailTemplate, sms: Type.Optional(smsTemplate) })
const notice = closedObject({ email: Type.Optional(emailTemplate), sms: Type.Optional(smsTemplate) })
const validOnly = closedObject({ valid: Type.Optional(valid) })
const validOrNot = closedObject({
  invalid: Type.Optional(closedObject({ email: emailTemplate })),
  valid: Type.Optional(valid),
})

/** Delivery of email and text messages. `mailbox` stores email for the development mailbox page. */
export const courier = closedObject({
  templates: Type.Optional(
    closedObject({
      recovery: Type.Optional(validOrNot),
      recovery_code: Type.Optional(validOrNot),
      verification: Type.Optional(validOrNot),
      verification_code: Type.Optional(validOrNot),
      registration_code: Type.Optional(validOnly),
      login_code: Type.Optional(validOnly),
      verifiable_address_changed: Type.Optional(notice),
      authenticator_key_added: Type.Optional(notice),
      impersonation_started: Type.Optional(closedObject({ email: Type.Optional(emailTemplate) })),
    }),
  ),
  template_override_path: Type.Optional(filePath()),
  message_retries: integer(5),
  worker: Type.Object({ pull_count: integer(10), pull_wait: duration('1s') }),
  delivery_strategy: choice(['smtp', 'http', 'mailbox'], 'smtp'),
  http: closedObject({ request_config: Type.Optional(requestConfig) }, { default: {} }),
  smtp: closedObject({
    connection_uri: Type.Optional(Type.String({ format: 'smtp-uri' })),
    client_cert_path: filePath({ default: '' }),
    client_key_path: filePath({ default: '' }),
    from_address: text('no-reply@localhost', { format: 'email' }),
    from_name: Type.Optional(headerValue()),
    headers: headerMap(),
    local_name: text('localhost'),
  }),
  channels: entries(
    closedObject({ id: choice(['sms']), type: Type.Optional(choice(['http'])), request_config: requestConfig }),
  ),
})

declare module '../kernel/project-config.ts' {
  interface IdentityConfig {
    readonly courier: Static<typeof courier>
  }
}
