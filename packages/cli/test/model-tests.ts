import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command, type Told } from './command.ts'

const model = `class User implements Namespace {}
class Group implements Namespace { related: { members: (User | Group)[] } }
class Document implements Namespace {
  related: { viewers: (User | SubjectSet<Group, "members">)[]; owners: User[] }
  permits = {
    view: (ctx: Context): boolean => this.related.viewers.includes(ctx.subject) || this.related.owners.includes(ctx.subject),
    share: (ctx: Context): boolean => !this.related.owners.includes(ctx.subject),
  }
}
`

/** The first lines of most files of tests. */
export const documents = ['name: Documents', 'model: models/documents.keto.ts']

/** A folder with a model, for files of tests. */
export async function openFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'model-tests-'))
  await mkdir(join(folder, 'models'))
  await writeFile(join(folder, 'models', 'documents.keto.ts'), model)
  await writeFile(join(folder, 'models', 'wrong.keto.ts'), `${model}class Folder implements {}\n`)

  /** Writes a file of tests, or several, whose lines are given, and runs them. */
  async function test(lines: string[] | Record<string, string[]>, ...options: string[]): Promise<Told> {
    const files = Array.isArray(lines) ? { 'documents.test.yaml': lines } : lines
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content.join('\n'))
    return latchkey(...Object.keys(files), ...options)
  }

  const latchkey = (...args: string[]) => command(['permission', 'test', ...args], { cwd: folder })
  return { test, latchkey, close: () => rm(folder, { recursive: true }) }
}
