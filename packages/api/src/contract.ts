import type { Static, TObject, TSchema } from 'typebox'

/** Who may call: everyone, holders of a project token, or members of the console. */
export type Plane = 'public' | 'admin' | 'console'
/** Whose proof an operation asks for: nobody's, a project token, a workspace key, or the secret of an OAuth2 client. */
export type Access = 'public' | 'project' | 'workspace' | 'client'
/** How an error is written: as Ory's APIs do, or as OAuth2 (RFC 6749) or SCIM (RFC 7644) wants it. */
export type ErrorStyle = 'ory' | 'oauth2' | 'scim'
/** The listeners of the originals, which drop-in mode opens. */
export type ListenerName =
  | 'kratos-public'
  | 'kratos-admin'
  | 'keto-read'
  | 'keto-write'
  | 'keto-opl'
  | 'keto-metrics'
  | 'hydra-public'
  | 'hydra-admin'
/** The methods of HTTP that operations have. */
export const httpMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type Method = (typeof httpMethods)[number]

/** How an operation answers; what is left out follows from its plane. */
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

/** How an operation answers, with what follows from its plane. */
export function answeringOf({ plane, access, errorStyle, listeners }: AnsweringSpec): Answering {
  const usual = answeringByPlane[plane]
  return {
    access: access ?? usual.access,
    errorStyle: errorStyle ?? usual.errorStyle,
    listeners: listeners ?? usual.listeners,
  }
}

/** What one operation of the API is, declared once; validation, types, OpenAPI and client follow from it. */
export interface OperationSpec extends AnsweringSpec {
  /** Ory's operationId. */
  readonly id: string
  /** Ory's tag, lower case. */
  readonly tag: string
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
