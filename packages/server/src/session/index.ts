export { refuseActing } from './acting.ts'
export { highestAal } from './available-aal.ts'
export { presentedToken, requireAssuredSession, requireSession, resolveSession } from './caller.ts'
export { removeExpiredSessions } from './clean-store.ts'
export { session } from './config.ts'
export { cookieName, sessionCookie } from './cookie.ts'
export { deviceBoundFindings } from './device-bound/findings.ts'
export { registrationHeaders } from './device-bound/registration-headers.ts'
export { removeExpiredDevices } from './device-store.ts'
export { forgetDevices, isKnownDevice, rememberDevice } from './devices.ts'
export { impersonate } from './impersonate.ts'
export { importSessions } from './import.ts'
export {
  type Client,
  type IssuedSession,
  issueSession,
  newSession,
  type Proof,
  proveAgain,
  storeProof,
  storeSession,
  withProof,
} from './issue.ts'
export { otherSessions } from './list-of-identity.ts'
export { isLogoutToken, logoutToken } from './logout-token.ts'
export type { Aal, AuthenticationMethod, Device, Session } from './record.ts'
export { fromRow as sessionFromRow, sessionView } from './record.ts'
export { removedCookies } from './removed-cookies.ts'
export { actingAsOwner, findActiveSession, type Signed, unauthenticatedError } from './resolve.ts'
export { revokeOthers, revokeSession, signOutElsewhere } from './revoke.ts'
export { sessionRoutes } from './routes.ts'
export { findByTokenHash } from './store.ts'
export { loadTokenizer, tokenizerUrls } from './tokenizer/load.ts'
export { aal2Required, lacksSecondFactor, secondFactorUrl } from './whoami.ts'
