export { highestAal } from './available-aal.ts'
export { removeExpiredSessions } from './clean.ts'
export { cookieName, removedSessionCookie, sessionCookie } from './cookie.ts'
export { type IssuedSession, issueSession, type Proof, proveAgain } from './issue.ts'
export { otherSessions } from './list-mine.ts'
export type { Aal, AuthenticationMethod, Device, Session } from './record.ts'
export { assuranceLevel, fromRow as sessionFromRow, sessionView } from './record.ts'
export { presentsToken, requireSession, resolveSession, type Signed, unauthenticated } from './resolve.ts'
export { sessionRoutes } from './routes.ts'
export {
  findByLogoutTokenHash,
  findByTokenHash,
  findSession,
  revokeOthers,
  revokeSession,
  setLogoutTokenHash,
} from './store.ts'
export { aal2Required, lacksSecondFactor, requireWhoamiAal } from './whoami.ts'
