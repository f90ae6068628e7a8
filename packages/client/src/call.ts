import type { Input, OperationSpec, Output } from '@latchkey/api'

export type Query = Readonly<Record<string, unknown>>

export interface ClientOptions {
  /** The base URL of Latchkey, such as https://auth.example.org. */
  readonly baseUrl: string
  /** The base URL of the admin API, if different. */
  readonly adminUrl?: string
  /** An admin token, `ory_pat_…`; sent with admin operations only. */
  readonly token?: string
  /** The session token of an app; sent with the operations that accept one. */
  readonly sessionToken?: string
  /** The cookies of the browser on whose behalf a server calls. Browsers send their own. */
  readonly cookie?: string
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>
  readonly fetch?: typeof fetch
  /** The timeout of requests, and of streams without activity, which then reconnect; 30 seconds by default. */
  readonly timeoutMs?: number
}

export interface CallOptions {
  /** Aborts the request. */
  readonly signal?: AbortSignal
  /** Called with each response before its body is read, for headers such as `latchkey-snaptoken`. */
  readonly onAnswer?: (answer: { readonly status: number; readonly headers: Headers }) => void
}

/** The input of any operation, after type checking. */
export interface AnyInput {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Query
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body?: unknown
}

/** The response body on success. */
export type Outcome<O extends OperationSpec> = Output<O>

/** The result of an operation's method: the body, or an iterator over the events of a stream. */
export type Result<O extends OperationSpec> = O extends { stream: object }
  ? AsyncGenerator<Outcome<O>, void, undefined>
  : Promise<Outcome<O>>

/** The arguments of an operation's method: optional if nothing is required. */
export type Requested<O extends OperationSpec> =
  Record<string, never> extends Sent<O>
    ? [input?: Sent<O>, options?: CallOptions]
    : [input: Sent<O>, options?: CallOptions]

/** Operations that return a list, or an object that contains a list, and accept a page token. */
export type PagedId<Operations extends Record<string, OperationSpec>> = {
  [Id in keyof Operations]: Output<Operations[Id]> extends readonly unknown[] | PageBody
    ? 'page_token' extends keyof Input<Operations[Id]>['query']
      ? Id
      : never
    : never
}[keyof Operations]

/** The item type of a list: that of the body, or of the only list in the body. */
export type Item<Body> = Body extends readonly (infer One)[]
  ? One
  : Body extends PageBody
    ? NonNullable<Body[keyof Body]> extends infer Part
      ? Part extends readonly (infer One)[]
        ? One
        : never
      : never
    : never

interface PageBody {
  next_page_token?: string
}

type Sent<O extends OperationSpec> = Part<'params', O['params'], Input<O>['params']> &
  Part<'query', O['query'], Input<O>['query']> &
  Part<'headers', O['headers'], Input<O>['headers']> &
  Part<'body', O['body'], Input<O>['body']>

/** Contains the parts that the operation declares; a part without required properties is optional. */
type Part<Name extends string, Declared, Value> = undefined extends Declared
  ? unknown
  : Record<never, never> extends Value
    ? { readonly [Key in Name]?: Value }
    : { readonly [Key in Name]: Value }
