import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../src/run.ts'
import { plainStyle, type Terminal } from '../src/terminal.ts'

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

export interface Told {
  status: number | undefined
  out: string
  err: string
}

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

  async function latchkey(...args: string[]): Promise<Told> {
    const out: string[] = []
    const err: string[] = []
    const terminal: Terminal = {
      env: {},
      cwd: folder,
      out: (text) => void out.push(text),
      err: (text) => void err.push(text),
      style: plainStyle,
    }
    const status = await run(['permission', 'test', ...args], terminal)
    return { status, out: out.join('\n'), err: err.join('\n') }
  }
  return { test, latchkey, close: () => rm(folder, { recursive: true }) }
}
