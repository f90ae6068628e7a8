export { requireProjectToken } from './authorize.ts'
export { createProjectToken, hasProjectTokens } from './store.ts'
