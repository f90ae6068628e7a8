import Type from 'typebox'
import { Int64 } from '../../schema.ts'

/** Operations on Hydra's admin listener. */
export const oauth2Admin = { tag: 'oauth2', plane: 'admin', errorStyle: 'oauth2', listeners: ['hydra-admin'] } as const

/** Operations on Hydra's public listener. */
export const oauth2Public = {
  tag: 'oauth2',
  plane: 'public',
  errorStyle: 'oauth2',
  listeners: ['hydra-public'],
} as const

/** Operations of OpenID Connect on Hydra's public listener. */
export const oidcPublic = { ...oauth2Public, tag: 'oidc' } as const

/** Token-based pagination as in Hydra, which reads the values leniently. */
export const PageQuery = {
  page_size: Type.Optional(Type.Integer({ ...Int64, default: 250, minimum: 1, maximum: 500 })),
  page_token: Type.Optional(Type.String()),
}
