import { ketoSchema } from './keto-schema.ts'
import { kratosSchema } from './schema.ts'
import { isTree, memberSchema, plain, type Schema } from './walk.ts'

/** The kinds of configuration files there are. */
export type Kind = 'project' | 'kratos' | 'keto'

/**
 * Tells which kind of file a document is. Only a project has `services`. The originals share keys (`dsn`, `log`, `serve`):
 * a file belongs to the one that knows more of its keys. Where both know as many it is Keto's, since a Kratos file has
 * an `identity` and a `selfservice`, which Keto does not know, while Keto needs neither of its own keys.
 */
export function kindOf(value: unknown): Kind {
  if (isTree(value) && value.services !== undefined) return 'project'
  const [kratos, keto] = [knownKeys(plain(kratosSchema), value), knownKeys(plain(ketoSchema), value)]
  return keto > 0 && keto >= kratos ? 'keto' : 'kratos'
}

function knownKeys(schema: Schema, value: unknown): number {
  if (!isTree(value)) return 0
  return Object.entries(value).reduce((sum, [key, member]) => {
    const inner = memberSchema(schema, value, key)
    return inner ? sum + 1 + knownKeys(inner, member) : sum
  }, 0)
}
