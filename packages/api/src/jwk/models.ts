import Type, { type Static } from 'typebox'

export type JsonWebKey = Static<typeof JsonWebKey>
export const JsonWebKey = Type.Object(
  {
    use: Type.String(),
    kty: Type.String(),
    kid: Type.String(),
    alg: Type.String(),
    crv: Type.Optional(Type.String()),
    d: Type.Optional(Type.String()),
    dp: Type.Optional(Type.String()),
    dq: Type.Optional(Type.String()),
    e: Type.Optional(Type.String()),
    k: Type.Optional(Type.String()),
    n: Type.Optional(Type.String()),
    p: Type.Optional(Type.String()),
    q: Type.Optional(Type.String()),
    qi: Type.Optional(Type.String()),
    x: Type.Optional(Type.String()),
    x5c: Type.Optional(Type.Array(Type.String())),
    y: Type.Optional(Type.String()),
  },
  { title: 'jsonWebKey' },
)

export type JsonWebKeySet = Static<typeof JsonWebKeySet>
export const JsonWebKeySet = Type.Object({ keys: Type.Optional(Type.Array(JsonWebKey)) }, { title: 'jsonWebKeySet' })

export type CreateJsonWebKeySet = Static<typeof CreateJsonWebKeySet>
export const CreateJsonWebKeySet = Type.Object(
  { alg: Type.String(), use: Type.String(), kid: Type.String() },
  { title: 'createJsonWebKeySet' },
)
