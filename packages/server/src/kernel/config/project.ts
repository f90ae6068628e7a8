import Type, { type Static } from 'typebox'
import { closed, flag, loose } from './kinds.ts'

const cors = closed({ enabled: flag(false), origins: Type.Array(Type.String(), { default: [] }) })

const service = () => closed({ config: loose() })

/** A project as Ory Network writes it. `services.identity.config` is held against the Kratos schema by itself. */
export const projectSchema = closed({
  id: Type.Optional(Type.String({ format: 'uuid' })),
  revision_id: Type.Optional(Type.String()),
  workspace_id: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'] })),
  slug: Type.String({ default: 'default', pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$', expected: 'a host label' }),
  name: Type.String({ default: 'Latchkey', minLength: 1, maxLength: 200 }),
  state: Type.Optional(Type.String()),
  environment: Type.Optional(Type.String()),
  home_region: Type.Optional(Type.String()),
  organizations: Type.Array(Type.Unknown(), { default: [] }),
  cors_public: cors,
  cors_admin: cors,
  services: closed({
    identity: service(),
    oauth2: Type.Optional(service()),
    permission: Type.Optional(service()),
    account_experience: Type.Optional(service()),
    talos: Type.Optional(service()),
  }),
})

export type ProjectFile = Static<typeof projectSchema>
