import type { Call } from '../../kernel/http/index.ts'

/** The request that a flow is begun or carried on with, as far as the domain needs to know it. */
export type FlowRequest = Call

/** The client of a request, without what it asks for: its cookies, anti-CSRF token, address and language. */
export type FlowClient = Call
