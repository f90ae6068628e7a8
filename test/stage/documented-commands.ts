import type { TestAnswer, TestProject } from '../../packages/server/test/app.ts'

/** A request to the API of a project, as a page documents it with curl. */
export interface DocumentedCommand {
  readonly method: 'POST' | 'PUT' | 'PATCH'
  readonly path: string
  readonly json: string | undefined
  readonly form: string | undefined
  readonly basic: string | undefined
}

/** The commands of a page with the public API at `$P` and the admin API at `$A`. */
export function documentedCommands(page: string): DocumentedCommand[] {
  return [...page.matchAll(/^ {4}curl -s -X (\w+) "\$[PA]([^"]+)"(.*)$/gm)].map(([, method, path, rest = '']) => ({
    method: method as DocumentedCommand['method'],
    path: path ?? '',
    json: / -d '(.*)'$/.exec(rest)?.[1],
    form: / -d "(.*)"$/.exec(rest)?.[1],
    basic: / -u "([^"]+)"/.exec(rest)?.[1],
  }))
}

/** Runs a command with values for its variables. */
export function runDocumented(
  project: TestProject,
  command: DocumentedCommand | undefined,
  replace: Record<string, string> = {},
): Promise<TestAnswer> {
  if (!command) throw new Error('the page has no such command')
  const { method, path, json, form, basic } = command
  const fill = (text: string) => text.replace(/\$(\w+)/g, (_, name) => replace[name] ?? '')
  return project.call(method, fill(path), {
    text: fill(json ?? form ?? ''),
    headers: {
      'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded',
      ...(basic && { authorization: `Basic ${Buffer.from(basic).toString('base64')}` }),
    },
    ...(basic && { token: null }),
  })
}
