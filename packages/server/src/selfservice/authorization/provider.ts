import type { OAuth2LoginRequest } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Session } from '../../session/index.ts'

/** A login request of an OAuth 2.0 server, and what it demands of the sign-in. */
export interface LoginRequest {
  readonly challenge: string
  readonly request: OAuth2LoginRequest
  /** Whether the person of a session must sign in again. */
  isTooOld(session: Session): boolean
  /** Where a browser goes on after another flow, in place of the `return_to` that was asked for. */
  readonly returnTo?: string
  /** Where the browser goes on instead of a form, if the person must not be asked. */
  readonly refusalUrl?: string
}

/** Somebody who has signed in or signed up. */
export interface SignedInPerson {
  readonly identityId: string
  /** The names of the methods. */
  readonly methods: readonly string[]
  /** Missing if the sign-up has begun none. */
  readonly session?: Session
}

/** An OAuth 2.0 server whose people sign in here. */
export interface Provider {
  /** @throws 400 if the challenge is not known or has expired */
  find(ctx: Context, challenge: string): Promise<LoginRequest>
  /**
   * Where the browser goes on with the authorization; undefined if the request must be made again, because it has expired
   * meanwhile or nobody is signed in.
   */
  accept(ctx: Context, challenge: string, person: SignedInPerson): Promise<string | undefined>
}

/** How long the OAuth 2.0 server remembers the person: as long as the browser keeps the session cookie. */
export function rememberOptions({ config }: Context): { remember: boolean; rememberFor: number } {
  const { cookie, lifespan } = config.identity.session
  return { remember: cookie.persistent, rememberFor: Math.floor(lifespan / 1000) }
}
