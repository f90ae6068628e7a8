import Type, { type Static } from 'typebox'
import { anyObject, closedObject, flag } from '../kernel/config/schema-builders.ts'
import { ignoredKey, notSupported } from '../kernel/config/support.ts'
import { accountExperience } from '../pages/config.ts'

const cors = () => closedObject({ enabled: flag(false), origins: Type.Array(Type.String(), { default: [] }) })

const service = () => closedObject({ config: anyObject() })

const known = 'it is known to Ory Network only'

/** A project in the format of Ory Network. `services.identity.config` is validated separately by the Kratos schema. */
export const projectSchema = closedObject({
  id: Type.Optional(Type.String({ format: 'uuid' })),
  revision_id: ignoredKey(Type.Optional(Type.String()), known),
  workspace_id: ignoredKey(Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'] })), known),
  slug: Type.String({ default: 'default', pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$', expected: 'a host label' }),
  name: Type.String({ default: 'Latchkey', minLength: 1, maxLength: 200 }),
  state: ignoredKey(Type.Optional(Type.String()), known),
  environment: ignoredKey(Type.Optional(Type.String()), known),
  home_region: ignoredKey(Type.Optional(Type.String()), 'the data is where the database is'),
  organizations: notSupported(
    Type.Array(Type.Unknown(), { default: [] }),
    'people of these domains would not be held to the sign-in of their organization',
  ),
  cors_public: cors(),
  cors_admin: notSupported(cors(), 'the admin API answers on the origin of the public API'),
  services: closedObject({
    identity: service(),
    oauth2: Type.Optional(service()),
    permission: Type.Optional(service()),
    account_experience: Type.Optional(closedObject({ config: accountExperience })),
    talos: notSupported(Type.Optional(service())),
  }),
})

export type ProjectFile = Static<typeof projectSchema>
