import Type from 'typebox'

/** What carries a session of a browser. */
export const CookieHeader = Type.Object({ cookie: Type.Optional(Type.String()) })

/** What carries a session of an app. */
export const TokenHeader = Type.Object({ 'x-session-token': Type.Optional(Type.String()) })

/** What carries a session of a browser or of an app. */
export const SessionHeaders = Type.Object({
  'x-session-token': Type.Optional(Type.String()),
  cookie: Type.Optional(Type.String()),
})

export const IdPath = Type.Object({ id: Type.String() })

/** Paging by token. */
export const TokenPaging = {
  page_size: Type.Optional(Type.Integer({ format: 'int64', default: 250, minimum: 1, maximum: 1000 })),
  page_token: Type.Optional(Type.String()),
}

/** Paging by token, or by page number as older clients do. */
export const Paging = {
  per_page: Type.Optional(Type.Integer({ format: 'int64', default: 250, minimum: 1, maximum: 1000 })),
  page: Type.Optional(Type.Integer({ format: 'int64' })),
  page_size: Type.Optional(Type.Integer({ format: 'int64', default: 250, minimum: 1, maximum: 500 })),
  page_token: Type.Optional(Type.String()),
}

/** The names of the query parameters that choose a page, of either sort. */
export const pagingNames: readonly string[] = Object.keys(Paging)
