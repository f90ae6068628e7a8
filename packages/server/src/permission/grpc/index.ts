import type { Implementation } from '../../kernel/grpc/index.ts'
import { checkService } from './check.ts'
import { expandService } from './expand.ts'
import { namespacesService } from './namespaces.ts'
import { readService } from './read.ts'
import { syntaxService } from './syntax.ts'
import { versionService } from './version.ts'
import { guardedWriteService, writeService } from './write.ts'

const readServices = [checkService, expandService, readService, namespacesService]

/** Keto's services by listener, and all of them for the one origin of projects. */
export const permissionServices: Record<'read' | 'write' | 'opl' | 'origin', readonly Implementation[]> = {
  read: [...readServices, versionService],
  write: [writeService, versionService],
  opl: [syntaxService, versionService],
  origin: [...readServices, guardedWriteService, syntaxService, versionService],
}
