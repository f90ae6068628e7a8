import { isTree } from '../config/walk.ts'
import { evaluateJsonnet, isCancellation, JsonnetError, type Snippet } from './index.ts'

/** The content types of bodies that snippets make, as in Kratos. */
const jsonType = 'application/json'
const formType = 'application/x-www-form-urlencoded'

/** The content type that the headers of a request name, JSON unless they name one; undefined for any other. */
export function bodyTypeOf(headers: Readonly<Record<string, string>>): string | undefined {
  const [, named = jsonType] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type') ?? []
  return [jsonType, formType].find((type) => type === named)
}

/**
 * Makes the body of an HTTP request: the snippet is a function whose parameter `ctx` is the data. Returns undefined if
 * it evaluates `error "cancel"`, which means that no request is to be sent.
 * @throws JsonnetError, also if a form is to be sent and the result is no object of texts
 */
export async function bodyFrom(
  snippet: Snippet,
  { owner, data, type }: { owner: string; data: unknown; type: string },
): Promise<string | undefined> {
  const evaluation = evaluateJsonnet(snippet, { owner, parameters: { ctx: JSON.stringify(data) } })
  const output = await evaluation.catch((error: unknown) => {
    if (error instanceof JsonnetError && isCancellation(error)) return undefined
    throw error
  })
  return output === undefined || type === jsonType ? output : formFrom(output)
}

function formFrom(output: string): string {
  const fields: unknown = JSON.parse(output)
  const entries = isTree(fields) ? Object.entries(fields) : []
  if (!isTree(fields) || !entries.every((entry): entry is [string, string] => typeof entry[1] === 'string'))
    throw new JsonnetError('the result is not an object of texts, as a form needs it')
  return new URLSearchParams(entries).toString()
}
