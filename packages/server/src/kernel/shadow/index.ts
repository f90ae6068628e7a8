export { createShadow, type Shadow, type ShadowTargets } from './shadow.ts'
