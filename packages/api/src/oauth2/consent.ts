import Type, { type Static } from 'typebox'
import { AnyObject, Int64, JsonRawMessage, NullTime, StringSlice } from '../schema.ts'
import { OAuth2Client, OAuth2ConsentRequestOpenIDConnectContext } from './models.ts'

export type OAuth2ConsentRequest = Static<typeof OAuth2ConsentRequest>
export const OAuth2ConsentRequest = Type.Object(
  {
    challenge: Type.String(),
    acr: Type.Optional(Type.String()),
    amr: Type.Optional(StringSlice),
    client: Type.Optional(OAuth2Client),
    consent_request_id: Type.Optional(Type.String()),
    context: Type.Optional(JsonRawMessage),
    login_challenge: Type.Optional(Type.String()),
    login_session_id: Type.Optional(Type.String()),
    oidc_context: Type.Optional(OAuth2ConsentRequestOpenIDConnectContext),
    request_url: Type.Optional(Type.String()),
    requested_access_token_audience: Type.Optional(StringSlice),
    requested_scope: Type.Optional(StringSlice),
    skip: Type.Optional(Type.Boolean()),
    subject: Type.Optional(Type.String()),
  },
  { title: 'oAuth2ConsentRequest' },
)

export type AcceptOAuth2LoginRequest = Static<typeof AcceptOAuth2LoginRequest>
export const AcceptOAuth2LoginRequest = Type.Object(
  {
    subject: Type.String(),
    acr: Type.Optional(Type.String()),
    amr: Type.Optional(StringSlice),
    context: Type.Optional(JsonRawMessage),
    extend_session_lifespan: Type.Optional(Type.Boolean()),
    force_subject_identifier: Type.Optional(Type.String()),
    identity_provider_session_id: Type.Optional(Type.String()),
    remember: Type.Optional(Type.Boolean()),
    /** In seconds; 0 means the lifespan that the server is configured with. */
    remember_for: Type.Optional(Int64),
  },
  { title: 'acceptOAuth2LoginRequest' },
)

export type AcceptOAuth2ConsentRequestSession = Static<typeof AcceptOAuth2ConsentRequestSession>
/** Additional claims of the tokens. */
export const AcceptOAuth2ConsentRequestSession = Type.Object(
  { access_token: Type.Optional(AnyObject()), id_token: Type.Optional(AnyObject()) },
  { title: 'acceptOAuth2ConsentRequestSession' },
)

export type AcceptOAuth2ConsentRequest = Static<typeof AcceptOAuth2ConsentRequest>
export const AcceptOAuth2ConsentRequest = Type.Object(
  {
    context: Type.Optional(JsonRawMessage),
    grant_access_token_audience: Type.Optional(StringSlice),
    grant_scope: Type.Optional(StringSlice),
    remember: Type.Optional(Type.Boolean()),
    /** In seconds; 0 means for ever. */
    remember_for: Type.Optional(Int64),
    session: Type.Optional(AcceptOAuth2ConsentRequestSession),
  },
  { title: 'acceptOAuth2ConsentRequest' },
)

export type RejectOAuth2Request = Static<typeof RejectOAuth2Request>
export const RejectOAuth2Request = Type.Object(
  {
    error: Type.Optional(Type.String()),
    error_debug: Type.Optional(Type.String()),
    error_description: Type.Optional(Type.String()),
    error_hint: Type.Optional(Type.String()),
    status_code: Type.Optional(Int64),
  },
  { title: 'rejectOAuth2Request' },
)

export type OAuth2RedirectTo = Static<typeof OAuth2RedirectTo>
export const OAuth2RedirectTo = Type.Object({ redirect_to: Type.String() }, { title: 'oAuth2RedirectTo' })

export type OAuth2LogoutRequest = Static<typeof OAuth2LogoutRequest>
export const OAuth2LogoutRequest = Type.Object(
  {
    challenge: Type.Optional(Type.String()),
    client: Type.Optional(OAuth2Client),
    expires_at: Type.Optional(NullTime),
    request_url: Type.Optional(Type.String()),
    requested_at: Type.Optional(NullTime),
    rp_initiated: Type.Optional(Type.Boolean()),
    sid: Type.Optional(Type.String()),
    subject: Type.Optional(Type.String()),
  },
  { title: 'oAuth2LogoutRequest' },
)

export type OAuth2ConsentSession = Static<typeof OAuth2ConsentSession>
export const OAuth2ConsentSession = Type.Object(
  {
    consent_request: Type.Optional(OAuth2ConsentRequest),
    consent_request_id: Type.Optional(Type.String()),
    context: Type.Optional(JsonRawMessage),
    grant_access_token_audience: Type.Optional(StringSlice),
    grant_scope: Type.Optional(StringSlice),
    handled_at: Type.Optional(NullTime),
    remember: Type.Optional(Type.Boolean()),
    remember_for: Type.Optional(Int64),
    session: Type.Optional(AcceptOAuth2ConsentRequestSession),
  },
  { title: 'oAuth2ConsentSession' },
)

export type OAuth2ConsentSessions = Static<typeof OAuth2ConsentSessions>
export const OAuth2ConsentSessions = Type.Array(OAuth2ConsentSession, { title: 'oAuth2ConsentSessions' })

export type AcceptDeviceUserCodeRequest = Static<typeof AcceptDeviceUserCodeRequest>
export const AcceptDeviceUserCodeRequest = Type.Object(
  { user_code: Type.Optional(Type.String()) },
  { title: 'acceptDeviceUserCodeRequest' },
)
