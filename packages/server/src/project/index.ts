export { ensureProject, findProjectBySlug, type ProjectRow } from './store.ts'
