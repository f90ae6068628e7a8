import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import { appendPath } from '../config/urls.ts'

/** The URLs of a request below the public URLs of the server, which clients know. */
export function publicUrls({ config }: Context, call: Call): string[] {
  const { public_url: forCertificates } = config.oauth2.oauth2.mtls
  const bases = [config.oauth2.urls.self.public, ...(forCertificates ? [forCertificates] : [])]
  return bases.map((base) => appendPath(base, call.path))
}
