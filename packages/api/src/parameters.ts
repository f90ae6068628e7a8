import Type from 'typebox'

/** The header that carries a browser session. */
export const CookieHeader = Type.Object({ cookie: Type.Optional(Type.String()) })

/** The header that carries an app's session token. */
export const TokenHeader = Type.Object({ 'x-session-token': Type.Optional(Type.String()) })

/** The headers that carry a browser session or an app's session token. */
export const SessionHeaders = Type.Object({
  'x-session-token': Type.Optional(Type.String()),
  cookie: Type.Optional(Type.String()),
})

export const IdPath = Type.Object({ id: Type.String() })

/** Token-based pagination. */
export const TokenPaging = {
  page_size: Type.Optional(Type.Integer({ format: 'int64', default: 250, minimum: 1, maximum: 1000 })),
  page_token: Type.Optional(Type.String()),
}

/** Token-based pagination, or by page number for older clients. */
export const Paging = {
  per_page: Type.Optional(Type.Integer({ format: 'int64', default: 250, minimum: 1, maximum: 1000 })),
  page: Type.Optional(Type.Integer({ format: 'int64' })),
  page_size: Type.Optional(Type.Integer({ format: 'int64', default: 250, minimum: 1, maximum: 500 })),
  page_token: Type.Optional(Type.String()),
}

/** The query parameters of both kinds of pagination. */
export const pagingNames: readonly string[] = Object.keys(Paging)
