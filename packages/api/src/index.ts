export * from './contract.ts'
export * from './selfservice/index.ts'
