import { join } from 'node:path'
import { root } from '../test/stage/latchkey.ts'
import { type Stage as IdentityStage, measures as identityMeasures } from './identity/measures.ts'
import { prepare as prepareIdentity } from './identity/stage.ts'
import { type Stage as OAuth2Stage, measures as oauth2Measures } from './oauth2/measures.ts'
import { prepare as prepareOAuth2 } from './oauth2/stage.ts'
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

export const oauth2: Suite<OAuth2Stage> = {
  name: 'oauth2',
  start: { hydra: join(root, 'bench', 'oauth2', 'hydra.yml') },
  listeners: ['public', 'admin'],
  prepare: prepareOAuth2,
  measures: oauth2Measures,
}

export const permission: Suite<PermissionStage> = {
  name: 'permission',
  start: { keto: join(root, 'bench', 'permission', 'keto.yml') },
  listeners: ['read', 'write'],
  prepare: preparePermission,
  measures: permissionMeasures,
}
