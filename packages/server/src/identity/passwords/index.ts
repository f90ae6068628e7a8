export type { HashersConfig, HashingOptions } from './cost.ts'
export { hashPassword, maxPasswordBytes, needsRehash, PasswordTooLongError } from './hash.ts'
export { HashingBusyError, limitHashing } from './limiter.ts'
export { dummyVerify, isKnownHash, verifyPassword } from './verify.ts'
