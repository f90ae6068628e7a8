import type { Static } from 'typebox'
import { corsMethods, corsSchema } from '../../kernel/config/cors.ts'

/** CORS of a listener. Without origins, all are allowed. */
export const cors = corsSchema({
  origins: [],
  methods: corsMethods,
  headers: ['Accept', 'Content-Type', 'Content-Length', 'Accept-Language', 'Content-Language', 'Authorization'],
  exposed: [
    'Cache-Control',
    'Expires',
    'Last-Modified',
    'Pragma',
    'Content-Length',
    'Content-Language',
    'Content-Type',
  ],
})

export type OAuth2Cors = Static<typeof cors>
