import Type from 'typebox'
import { closedObject, filePath, integer, strings, text, uriReference } from '../../kernel/config/schema-builders.ts'
import { ignoredKey, refusedKey } from '../../kernel/config/support.ts'
import { tls as certificate } from '../../kernel/config/tls.ts'
import { cookies, cors } from '../../oauth2/index.ts'
import { requestLog, socket } from './kratos-serve-schema.ts'

/** TLS of a listener. `enabled` alone would be a certificate that the original signs itself. */
const tlsMembers = {
  ...certificate.properties,
  enabled: Type.Optional(Type.Boolean()),
  allow_termination_from: refusedKey(
    strings(),
    'requests of other addresses would be answered over HTTP; close the port for them, and leave tls out',
  ),
}

/** With a key of our own: clients of the public listener are asked for certificates, for `oauth2.mtls`. */
const publicTls = Type.Optional(
  closedObject({ ...tlsMembers, request_client_certificates: Type.Optional(Type.Boolean()) }),
)
const adminTls = Type.Optional(closedObject(tlsMembers))

const listener = <Tls extends typeof publicTls | typeof adminTls>(port: number, tls: Tls) =>
  closedObject({
    port: integer(port, { minimum: 1, maximum: 65_535 }),
    host: text(''),
    base_url: ignoredKey(
      Type.Optional(uriReference()),
      'the original only reports it; addresses are made of urls.self',
    ),
    write_listen_file: Type.Optional(filePath({ format: 'uri' })),
    request_log: requestLog,
    socket,
    tls,
    cors,
  })

/** The listeners of Hydra. An empty host means all interfaces. `tls` applies to both unless they have their own. */
export const serve = closedObject({
  public: listener(4444, publicTls),
  admin: listener(4445, adminTls),
  tls: publicTls,
  cookies,
})
