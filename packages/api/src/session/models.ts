import Type, { type Static } from 'typebox'
import { CredentialType } from '../identity/credentials.ts'
import { Identity } from '../identity/models.ts'
import { DateTime, Int64, OneOf, Uuid } from '../schema.ts'

export type AuthenticatorAssuranceLevel = Static<typeof AuthenticatorAssuranceLevel>
export const AuthenticatorAssuranceLevel = OneOf(['aal0', 'aal1', 'aal2', 'aal3'], {
  title: 'authenticatorAssuranceLevel',
})

export type DeleteMySessionsCount = Static<typeof DeleteMySessionsCount>
export const DeleteMySessionsCount = Type.Object({ count: Type.Optional(Int64) }, { title: 'deleteMySessionsCount' })

export type ManageSessionsBody = Static<typeof ManageSessionsBody>
/** Exactly one of `identities` and `sessions`; `identities: ["*"]` stands for all sessions. */
export const ManageSessionsBody = Type.Object(
  {
    action: OneOf(['disable', 'delete']),
    identities: Type.Optional(Type.Array(Type.String())),
    sessions: Type.Optional(Type.Array(Type.String())),
  },
  { title: 'manageSessionsBody' },
)

export type ManageSessionsResponse = Static<typeof ManageSessionsResponse>
export const ManageSessionsResponse = Type.Object(
  { processed: Type.Optional(Int64), more: Type.Optional(Type.Boolean()) },
  { title: 'manageSessionsResponse' },
)

export type SessionAuthenticationMethod = Static<typeof SessionAuthenticationMethod>
export const SessionAuthenticationMethod = Type.Object(
  {
    aal: Type.Optional(AuthenticatorAssuranceLevel),
    completed_at: Type.Optional(DateTime),
    method: Type.Optional(CredentialType),
    organization: Type.Optional(Type.String()),
    provider: Type.Optional(Type.String()),
    upstream_acr: Type.Optional(Type.String()),
    upstream_amr: Type.Optional(Type.Array(Type.String())),
  },
  { title: 'sessionAuthenticationMethod' },
)

export type SessionAuthenticationMethods = Static<typeof SessionAuthenticationMethods>
export const SessionAuthenticationMethods = Type.Array(SessionAuthenticationMethod, {
  title: 'sessionAuthenticationMethods',
})

export type SessionDevice = Static<typeof SessionDevice>
export const SessionDevice = Type.Object(
  {
    id: Uuid,
    ip_address: Type.Optional(Type.String()),
    location: Type.Optional(Type.String()),
    user_agent: Type.Optional(Type.String()),
  },
  { title: 'sessionDevice' },
)

export type SessionActor = Static<typeof SessionActor>
/** Who acts in a session of somebody else (RFC 8693, section 4.1). A Latchkey extension. */
export const SessionActor = Type.Object({ sub: Type.String(), reason: Type.String() }, { title: 'sessionActor' })

export type Session = Static<typeof Session>
export const Session = Type.Object(
  {
    id: Uuid,
    /** Only in a session in which an administrator acts. */
    act: Type.Optional(SessionActor),
    active: Type.Optional(Type.Boolean()),
    authenticated_at: Type.Optional(DateTime),
    authentication_methods: Type.Optional(SessionAuthenticationMethods),
    authenticator_assurance_level: Type.Optional(AuthenticatorAssuranceLevel),
    devices: Type.Optional(Type.Array(SessionDevice)),
    expires_at: Type.Optional(DateTime),
    identity: Type.Optional(Identity),
    issued_at: Type.Optional(DateTime),
    tokenized: Type.Optional(Type.String()),
  },
  { title: 'session' },
)

export type BoundSessionInstructions = Static<typeof BoundSessionInstructions>
/** How a browser keeps a session bound to its device: the JSON session instructions of the W3C draft. */
export const BoundSessionInstructions = Type.Object(
  {
    session_identifier: Uuid,
    refresh_url: Type.String(),
    scope: Type.Object({ origin: Type.String(), include_site: Type.Boolean() }),
    credentials: Type.Array(Type.Object({ type: OneOf(['cookie']), name: Type.String(), attributes: Type.String() })),
    allowed_refresh_initiators: Type.Array(Type.String()),
  },
  { title: 'boundSessionInstructions' },
)
