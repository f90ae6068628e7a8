import Type, { type Static } from 'typebox'
import { GenericError } from '../error-models.ts'
import { DateTime, OneOf, Uuid } from '../schema.ts'

/** What a step of a flow can be about, in the order in which a submission meets them. */
export const flowStepNames = [
  'begun',
  'submitted',
  'session',
  'expired',
  'method',
  'anti_csrf',
  'captcha',
  'limit',
  'account',
  'accepted',
  'hook',
  'message',
  'provider',
  'shown',
  'second_factor',
  'new_flow',
  'completed',
  'rejected',
  'failed',
  'omitted',
] as const

export type FlowStepName = (typeof flowStepNames)[number]

/** What is told of a step. It never contains what somebody typed or a secret. */
const details = {
  /** The ID of the request, which its answer and the log have too. */
  request: Type.Optional(Type.String()),
  method: Type.Optional(Type.String()),
  /** The provider of a captcha. */
  provider: Type.Optional(Type.String()),
  /** What is limited: `attempts`, `messages`, or `registrations`. */
  limit: Type.Optional(Type.String()),
  /** What an attempt tries to prove, such as `password`. */
  proof: Type.Optional(Type.String()),
  /** The channel of a message. */
  via: Type.Optional(Type.String()),
  /** Whether the counter of this browser applies, since the identity has signed in with it before. */
  known_device: Type.Optional(Type.Boolean()),
  /** How many were counted within the window, this one included, and how many are permitted. */
  count: Type.Optional(Type.Integer()),
  permitted: Type.Optional(Type.Integer()),
  /** Whether a proof of work was demanded, or given. */
  challenge: Type.Optional(OneOf(['demanded', 'solved'])),
  seconds_to_wait: Type.Optional(Type.Integer()),
  /** The ID or the host of a web hook, and when it is called. */
  hook: Type.Optional(Type.String()),
  when: Type.Optional(OneOf(['before', 'asked', 'notified'])),
  /** The HTTP status of an answer. */
  status: Type.Optional(Type.Integer()),
  identity_id: Type.Optional(Type.String()),
  session_id: Type.Optional(Type.String()),
  flow_id: Type.Optional(Type.String()),
  aal: Type.Optional(Type.String()),
  /** The IDs of the messages on the form. */
  messages: Type.Optional(Type.Array(Type.Integer())),
  /** The ID of an error, or its status. */
  error: Type.Optional(Type.String()),
  /** How many steps are left out. */
  omitted: Type.Optional(Type.Integer()),
  /** Whether the step let the flow go on. */
  outcome: Type.Optional(OneOf(['passed', 'refused', 'failed'])),
}

export type FlowStepDetails = Static<typeof FlowStepDetails>
export const FlowStepDetails = Type.Object(details)

export type FlowStep = Static<typeof FlowStep>
/** One step of a flow: what was checked or done, when, and how it ended. */
export const FlowStep = Type.Object(
  {
    step: OneOf([...flowStepNames]),
    at: DateTime,
    /** Milliseconds since the step before it in the same request. */
    took_ms: Type.Optional(Type.Integer()),
    /** The step in words. */
    text: Type.String(),
    ...details,
  },
  { title: 'flowStep' },
)

export type FlowExplanation = Static<typeof FlowExplanation>
/** What happened in a flow, step by step. */
export const FlowExplanation = Type.Object(
  {
    /** The flow; absent if the error belongs to none. */
    flow: Type.Optional(
      Type.Object({
        id: Uuid,
        name: Type.String(),
        type: OneOf(['api', 'browser']),
        issued_at: DateTime,
        expires_at: DateTime,
      }),
    ),
    outcome: OneOf(['open', 'completed', 'failed', 'expired']),
    /** The error whose ID was given, as its page shows it. */
    error: Type.Optional(
      Type.Object({ id: Uuid, created_at: DateTime, request: Type.Optional(Type.String()), error: GenericError }),
    ),
    /** The IDs of the error pages that the flow led to, newest first. */
    errors: Type.Array(Uuid),
    steps: Type.Array(FlowStep),
  },
  { title: 'flowExplanation' },
)
