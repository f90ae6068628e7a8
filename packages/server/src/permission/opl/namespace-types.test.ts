import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import type { Rewrite } from './model.ts'
import { parseOpl } from './parse.ts'

/** A model as people write it in their editor, where Ory's package tells them what is wrong. */
const model = `import { Namespace, SubjectSet, Context } from "@ory/keto-namespace-types"

class User implements Namespace {}

class Group implements Namespace {
  related: {
    members: (User | Group)[]
  }
}

class Folder implements Namespace {
  related: {
    parents: Folder[]
    viewers: SubjectSet<Group, "members">[]
  }

  permits = {
    view: (ctx: Context): boolean =>
      this.related.viewers.includes(ctx.subject) ||
      this.related.parents.traverse((parent) => parent.permits.view(ctx)),
  }
}

class File implements Namespace {
  related: {
    parents: (File | Folder)[]
    owners: (User | SubjectSet<Group, "members">)[]
    blocked: User[]
  }

  permits = {
    view: (ctx: Context): boolean =>
      this.permits.edit(ctx) ||
      (this.related.parents.traverse((p) => p.permits.view(ctx)) && !this.related.blocked.includes(ctx.subject)),

    edit: (ctx: Context) => this.related.owners.includes(ctx.subject),
  }
}
`

const mistakes: [name: string, right: string, wrong: string][] = [
  ['a permission that is not there', 'p.permits.view(ctx)', 'p.permits.vieww(ctx)'],
  ['a permission that only some have', 'p.permits.view(ctx)', 'p.permits.edit(ctx)'],
  ['a relation that is not there', 'this.related.owners.includes', 'this.related.owner.includes'],
  ['members of a relation that is not there', '"members">[]', '"member">[]'],
  ['a class that is not there', '(File | Folder)[]', '(File | Drawer)[]'],
  ['a class that is no namespace', 'class User implements Namespace', 'class User implements Name'],
  ['a question that is none', 'owners.includes(ctx.subject)', 'owners.some(ctx.subject)'],
]

describe('a model that is written with the types of Ory', () => {
  it('is what they allow', () => {
    expect(complaints(model)).toEqual([])
  })

  it('means what it says', () => {
    const { namespaces, errors } = parseOpl(model)
    expect(errors).toEqual([])
    const own = (relation: string): Rewrite => ({ kind: 'computed', relation })
    const above: Rewrite = { kind: 'traverse', relation: 'parents', target: 'view' }
    const union = (...children: Rewrite[]): Rewrite => ({ kind: 'union', children })
    const notBlocked: Rewrite = { kind: 'exclusion', child: own('blocked') }
    const [user, group, folder] = ['User', 'Group', 'Folder'].map((namespace) => ({ namespace }))
    const members = { namespace: 'Group', relation: 'members' }
    expect(namespaces).toEqual([
      { name: 'User', relations: [] },
      { name: 'Group', relations: [{ name: 'members', types: [user, group] }] },
      {
        name: 'Folder',
        relations: [
          { name: 'parents', types: [folder] },
          { name: 'viewers', types: [members] },
          { name: 'view', types: [], rewrite: union(own('viewers'), above) },
        ],
      },
      {
        name: 'File',
        relations: [
          { name: 'parents', types: [{ namespace: 'File' }, folder] },
          { name: 'owners', types: [user, members] },
          { name: 'blocked', types: [user] },
          {
            ...{ name: 'view', types: [] },
            rewrite: union(own('edit'), { kind: 'intersection', children: [union(above), notBlocked] }),
          },
          { name: 'edit', types: [], rewrite: union(own('owners')) },
        ],
      },
    ])
  })

  it.each(mistakes)('is refused by them and by us for %s', (_name, right, wrong) => {
    expect(model.split(right)).toHaveLength(2)
    const text = model.replace(right, wrong)
    const line = text.slice(0, text.indexOf(wrong)).split('\n').length
    expect(complaints(text)).toContainEqual({ line, message: expect.stringMatching(/./) })
    expect(parseOpl(text).errors).not.toEqual([])
  })
})

const require = createRequire(import.meta.url)
const file = fileURLToPath(new URL('./namespaces.keto.ts', import.meta.url))

/** What the compiler says of a model, with the settings that the package brings. */
function complaints(text: string): { line: number; message: string }[] {
  const settings = require.resolve('@ory/keto-namespace-types/tsconfig.json')
  const { config } = ts.readConfigFile(settings, ts.sys.readFile)
  const read = ts.parseJsonConfigFileContent({ ...config, files: [file] }, ts.sys, dirname(settings))
  // Newer compilers are strict unless told otherwise; the package lacks what strictness needs.
  const options = { ...read.options, strict: false }
  const host = ts.createCompilerHost(options)
  const { getSourceFile } = host
  host.getSourceFile = (name, language, ...rest) =>
    name === file ? ts.createSourceFile(name, text, language) : getSourceFile(name, language, ...rest)
  return ts.getPreEmitDiagnostics(ts.createProgram([file], options, host)).map(({ file, start = 0, messageText }) => ({
    line: (file?.getLineAndCharacterOfPosition(start).line ?? -1) + 1,
    message: ts.flattenDiagnosticMessageText(messageText, '\n'),
  }))
}
