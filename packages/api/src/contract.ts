import type { Static, TObject, TSchema } from 'typebox'

/** The callers that an API plane is for: the public, holders of a project token, or members of the console. */
export type Plane = 'public' | 'admin' | 'console'
/** The credential that an operation requires: none, a project token, a workspace key, or an OAuth2 client secret. */
export type Access = 'public' | 'project' | 'workspace' | 'client'
/** The format of error responses: that of Ory's APIs, of OAuth2 (RFC 6749) or of SCIM (RFC 7644). */
export type ErrorStyle = 'ory' | 'oauth2' | 'scim'
/** The listeners of the Ory services, which drop-in mode opens. */
export type ListenerName =
  | 'kratos-public'
  | 'kratos-admin'
  | 'keto-read'
  | 'keto-write'
  | 'keto-opl'
  | 'keto-metrics'
  | 'hydra-public'
  | 'hydra-admin'
/** The HTTP methods that operations use. */
export const httpMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type Method = (typeof httpMethods)[number]

/** Access, error format and listeners of an operation; omitted properties default to those of its plane. */
export interface AnsweringSpec {
  readonly plane: Plane
  readonly access?: Access
  readonly errorStyle?: ErrorStyle
  readonly listeners?: readonly ListenerName[]
}

export type Answering = Required<Omit<AnsweringSpec, 'plane'>>

const answeringByPlane: Record<Plane, Answering> = {
  public: { access: 'public', errorStyle: 'ory', listeners: ['kratos-public'] },
  admin: { access: 'project', errorStyle: 'ory', listeners: ['kratos-admin'] },
  console: { access: 'workspace', errorStyle: 'ory', listeners: [] },
}

/** Fills in the defaults of the operation's plane. */
export function answeringOf({ plane, access, errorStyle, listeners }: AnsweringSpec): Answering {
  const usual = answeringByPlane[plane]
  return {
    access: access ?? usual.access,
    errorStyle: errorStyle ?? usual.errorStyle,
    listeners: listeners ?? usual.listeners,
  }
}

/** The declaration of an API operation, from which validation, types, OpenAPI document and client are derived. */
export interface OperationSpec extends AnsweringSpec {
  /** Ory's operationId. */
  readonly id: string
  /** Ory's tag, in lower case. */
  readonly tag: string
  readonly method: Method
  /** The path template, with parameters in braces as in OpenAPI. */
  readonly path: string
  readonly summary: string
  /** Details that the summary omits, for the OpenAPI document. */
  readonly description?: string
  readonly params?: TObject
  readonly query?: TObject
  readonly headers?: TObject
  readonly body?: TSchema
  /** Whether the body may also be sent as an HTML form. */
  readonly form?: boolean
  /**
   * Set if a successful response is an endless stream of server-sent events, whose data has the response schema.
   * `after` is the query parameter for the id of the event to resume after.
   */
  readonly stream?: { readonly after: string }
  /** Response schemas by status; `null` if the response has no body. */
  readonly returns: { readonly [status: number]: TSchema | null }
  /** Statuses whose response is the generic error. */
  readonly errors: readonly number[]
}

/** Declares an operation, preserving its literal types. */
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

/** The statuses that an operation declares a response for. */
export type StatusOf<O extends OperationSpec> = keyof O['returns'] & number
type SuccessOf<O extends OperationSpec> = Extract<StatusOf<O>, 200 | 201 | 202 | 204>

/** The response body of an operation for a status. */
export type Answer<O extends OperationSpec, Status extends StatusOf<O>> = StaticOr<O['returns'][Status], undefined>

/** The response body of an operation on success. */
export type Output<O extends OperationSpec> = { [Status in SuccessOf<O>]: Answer<O, Status> }[SuccessOf<O>]
