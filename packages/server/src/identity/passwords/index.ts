export type { HashersConfig, HashingContext } from './cost.ts'
export { hashPassword, maxPasswordBytes, needsRehash } from './hash.ts'
export { limitHashing, type Turn } from './limiter.ts'
export { dummyVerify, isCheaperThanConfigured, isKnownHash, verifyPassword } from './verify.ts'
