export * from './explanation.ts'
export * from './models.ts'
export * from './operations.ts'
