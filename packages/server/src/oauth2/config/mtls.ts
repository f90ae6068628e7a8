import Type from 'typebox'
import { closedObject, flag, token, uri } from '../../kernel/config/schema-builders.ts'

/** Client certificates (RFC 8705), a feature of our own beside those of Hydra. */
export const mtls = closedObject({
  enabled: flag(false),
  /** The header in which a proxy passes the certificate, and the only peers from which it counts. */
  certificate_header: token('the name of a header', { default: 'client-cert' }),
  trusted_proxies: Type.Array(Type.String({ format: 'address-range' }), { default: [] }),
  /** For `tls_client_auth`: who must have issued the certificates. */
  certificate_authorities: Type.Array(Type.String({ format: 'certificate' }), { default: [] }),
  /** Where clients with certificates find the endpoints (section 5 there), if not at the public URL. */
  public_url: Type.Optional(uri()),
})
