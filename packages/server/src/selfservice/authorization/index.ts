export { acceptLoginRequest, askedFor, showLoginRequest } from './flow.ts'
export type { LoginRequest } from './provider.ts'
