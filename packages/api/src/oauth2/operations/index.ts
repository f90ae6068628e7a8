export * from './clients.ts'
export * from './protocol.ts'
export * from './requests.ts'
export * from './trust.ts'
