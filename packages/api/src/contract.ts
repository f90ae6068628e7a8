import type { Static, TObject, TSchema } from 'typebox'

/** Who may call: everyone, holders of a project token, or members of the console. */
export type Plane = 'public' | 'admin' | 'console'
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What one operation of the API is, declared once; validation, types, OpenAPI and client follow from it. */
export interface OperationSpec {
  /** Ory's operationId. */
  readonly id: string
  /** Ory's tag, lower case. */
  readonly tag: string
  readonly plane: Plane
  readonly method: Method
  /** With parameters in braces, as in OpenAPI. */
  readonly path: string
  readonly summary: string
  /** What the summary leaves out, for the document. */
  readonly description?: string
  readonly params?: TObject
  readonly query?: TObject
  readonly headers?: TObject
  readonly body?: TSchema
  /** Whether the body may also be sent as an HTML form. */
  readonly form?: boolean
  /**
   * Said where a successful answer is a stream of server-sent events, each of the answer's schema, that does not end by
   * itself; and which parameter of the query takes the id of an event, to go on after it.
   */
  readonly stream?: { readonly after: string }
  /** Schemas of the answers by status; `null` where the answer has no body. */
  readonly returns: { readonly [status: number]: TSchema | null }
  /** Statuses answered with the generic error. */
  readonly errors: readonly number[]
}

/** Declares an operation and keeps its literal types. */
export function operation<const O extends OperationSpec>(spec: O): O {
  return spec
}

type StaticOr<S, Otherwise> = S extends TSchema ? Static<S> : Otherwise

/** The parsed input of an operation. */
export interface Input<O extends OperationSpec> {
  params: StaticOr<O['params'], Record<string, never>>
  query: StaticOr<O['query'], Record<string, never>>
  headers: StaticOr<O['headers'], Record<string, never>>
  body: StaticOr<O['body'], undefined>
}

/** The statuses that an operation declares an answer for. */
export type StatusOf<O extends OperationSpec> = keyof O['returns'] & number
type SuccessOf<O extends OperationSpec> = Extract<StatusOf<O>, 200 | 201 | 202 | 204>

/** The body of an operation's answer with this status. */
export type Answer<O extends OperationSpec, Status extends StatusOf<O>> = StaticOr<O['returns'][Status], undefined>

/** The body of an operation's successful answers. */
export type Output<O extends OperationSpec> = { [Status in SuccessOf<O>]: Answer<O, Status> }[SuccessOf<O>]
