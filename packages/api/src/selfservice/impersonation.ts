import Type, { type Static } from 'typebox'
import { Duration, OneOf } from '../schema.ts'
import { Session } from '../session/models.ts'

export type ImpersonateIdentityBody = Static<typeof ImpersonateIdentityBody>
export const ImpersonateIdentityBody = Type.Object(
  {
    /** Why; the identity is told, and it is recorded. */
    reason: Type.String(),
    lifespan: Type.Optional(Duration),
    /** Who acts; by default the token of the admin API. */
    actor: Type.Optional(Type.String()),
    /** Whether the session is for an app (a token, the default) or for a browser (a cookie). */
    type: Type.Optional(OneOf(['api', 'browser'])),
  },
  { title: 'impersonateIdentityBody' },
)

export type Impersonation = Static<typeof Impersonation>
export const Impersonation = Type.Object(
  {
    session: Session,
    session_token: Type.Optional(Type.String()),
    /** The value of a `Set-Cookie` header. */
    session_cookie: Type.Optional(Type.String()),
  },
  { title: 'impersonation' },
)
