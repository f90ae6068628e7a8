export { limitAttempts } from './attempts.ts'
export { limitMessages, mayBeSent } from './messages.ts'
export { limitRegistrations } from './registrations.ts'
