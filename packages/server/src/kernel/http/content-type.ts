import type { FastifyRequest } from 'fastify'

/** `type/subtype` of tokens (RFC 9110, sections 5.6.2 and 8.3.1). */
const mediaType = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(;|$)/

/**
 * A hook for routes with a body. An empty Content-Type, as some clients send it, counts as none; so does any other that
 * is not a media type where the body is read as text. Elsewhere the framework refuses those.
 */
export function lenientContentType(readsText: boolean) {
  return ({ raw: { headers } }: FastifyRequest, _reply: unknown, done: () => void): void => {
    const type = headers['content-type']
    if (type !== undefined && (type.trim() === '' || (readsText && !mediaType.test(type))))
      delete headers['content-type']
    done()
  }
}
