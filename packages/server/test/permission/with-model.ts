import { parseOpl } from '../../src/permission/opl/parse.ts'
import type { TestProject } from '../app.ts'

const model = `
class User implements Namespace {}
class Group implements Namespace { related: { members: (User | SubjectSet<Group, "members">)[] } }
class Document implements Namespace { related: { viewers: (User | SubjectSet<Group, "members">)[] } }
`

/** The same project with namespaces: users, groups and documents. */
export function withModel<T extends Pick<TestProject, 'ctx'>>(project: T): T {
  const { ctx } = project
  const permission = { ...ctx.config.permission, namespaces: parseOpl(model).namespaces }
  Object.assign(ctx, { config: { ...ctx.config, permission } })
  return project
}
