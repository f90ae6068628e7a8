import type { PermissionConfig } from '../../src/permission/config.ts'
import { parseOpl } from '../../src/permission/opl/parse.ts'
import type { TestProject } from '../app.ts'

const usualModel = `
class User implements Namespace {}
class Group implements Namespace { related: { members: (User | SubjectSet<Group, "members">)[] } }
class Document implements Namespace { related: { viewers: (User | SubjectSet<Group, "members">)[] } }
`

interface Settings extends Partial<Omit<PermissionConfig, 'limit' | 'namespaces'>> {
  limit?: Partial<PermissionConfig['limit']>
}

/** The same project with a model in OPL, by default with users, groups and documents, and with changed settings. */
export function withModel<T extends Pick<TestProject, 'ctx'>>(
  project: T,
  model = usualModel,
  { limit, ...settings }: Settings = {},
): T {
  const { ctx } = project
  const before = ctx.config.permission
  const permission = {
    ...before,
    ...settings,
    namespaces: parseOpl(model).namespaces,
    limit: { ...before.limit, ...limit },
  }
  Object.assign(ctx, { config: { ...ctx.config, permission } })
  return project
}
