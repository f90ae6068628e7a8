export { claimsByScope } from './claims-by-scope.ts'
export { removeExpiredGrants } from './clean-store.ts'
export { cookies } from './config/cookies.ts'
export { cors, type OAuth2Cors } from './config/cors.ts'
export { webfinger } from './config/discovery.ts'
export { ttl } from './config/lifespans.ts'
export { oauth2 } from './config/protocol.ts'
export { onInProjects } from './config/requests.ts'
export { urls } from './config/urls.ts'
export { type OAuth2Config, oidc, ownLoginPath, resolveOAuth2, strategies } from './config.ts'
export { acceptJoinedConsent, denyJoinedConsent, type JoinedConsent, joinedConsent } from './joined/consent.ts'
export { nameJoinedDevice, requireDeviceChallenge } from './joined/device.ts'
export {
  type Authentication,
  acceptJoinedLogin,
  type JoinedLogin,
  joinedLogin,
  refuseSilentLogin,
} from './joined/login.ts'
export { acceptJoinedLogout, joinedLogout } from './joined/logout.ts'
export { oauth2Routes } from './routes.ts'
