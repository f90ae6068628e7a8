export { requireProjectToken } from './authorise.ts'
export { createProjectToken, hasProjectTokens } from './store.ts'
