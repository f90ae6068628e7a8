export * from './messages.ts'
export * from './ui.ts'
export * from './wording.ts'
