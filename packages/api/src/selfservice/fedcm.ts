import Type, { type Static } from 'typebox'
import { AnyObject } from '../schema.ts'

export type Provider = Static<typeof Provider>
/** What a page gives to `navigator.credentials.get` for one provider (FedCM). */
export const Provider = Type.Object(
  {
    client_id: Type.Optional(Type.String()),
    config_url: Type.Optional(Type.String()),
    domain_hint: Type.Optional(Type.String()),
    fields: Type.Optional(Type.Array(Type.String())),
    login_hint: Type.Optional(Type.String()),
    nonce: Type.Optional(Type.String()),
    parameters: Type.Optional(Type.Record(Type.String(), Type.String())),
  },
  { title: 'Provider' },
)

export type CreateFedcmFlowResponse = Static<typeof CreateFedcmFlowResponse>
export const CreateFedcmFlowResponse = Type.Object(
  { csrf_token: Type.Optional(Type.String()), providers: Type.Optional(Type.Array(Provider)) },
  { title: 'createFedcmFlowResponse' },
)

export type UpdateFedcmFlowBody = Static<typeof UpdateFedcmFlowBody>
export const UpdateFedcmFlowBody = Type.Object(
  {
    token: Type.String(),
    csrf_token: Type.String(),
    nonce: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'UpdateFedcmFlowBody' },
)
