import type { Implementation } from '../../kernel/grpc/index.ts'
import { checkService } from './check.ts'
import { expandService } from './expand.ts'
import { namespacesService } from './namespaces.ts'
import { readService } from './read.ts'
import { syntaxService } from './syntax.ts'
import { versionService } from './version.ts'
import { writeService } from './write.ts'

/** Keto's services by the listener that has them. */
export const permissionServices: Record<'read' | 'write' | 'opl', readonly Implementation[]> = {
  read: [checkService, expandService, readService, namespacesService, versionService],
  write: [writeService, versionService],
  opl: [syntaxService, versionService],
}
