export type { HashersConfig, HashingContext } from './cost.ts'
export { hashPassword, maxPasswordBytes, needsRehash } from './hash.ts'
export { limitHashing } from './limiter.ts'
export { dummyVerify, isKnownHash, verifyPassword } from './verify.ts'
