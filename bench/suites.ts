import { join } from 'node:path'
import { root } from '../test/stage/latchkey.ts'
import { type Stage as IdentityStage, measures as identityMeasures } from './identity/measures.ts'
import { prepare as prepareIdentity } from './identity/stage.ts'
import { measures as permissionMeasures } from './permission/measures.ts'
import { type Stage as PermissionStage, prepare as preparePermission } from './permission/stage.ts'
import type { Suite } from './suite.ts'

export const identity: Suite<IdentityStage> = {
  name: 'identity',
  start: { kratos: join(root, 'bench', 'identity', 'kratos.yml') },
  listeners: ['public', 'admin'],
  prepare: prepareIdentity,
  measures: identityMeasures,
}

export const permission: Suite<PermissionStage> = {
  name: 'permission',
  start: { keto: join(root, 'bench', 'permission', 'keto.yml') },
  listeners: ['read', 'write'],
  prepare: preparePermission,
  measures: permissionMeasures,
}
