export { openRegistry, type ProjectRegistry, type WantedProject } from './registry.ts'
export { ensureProject, findProjectBySlug, listProjectIds, type ProjectRow } from './store.ts'
