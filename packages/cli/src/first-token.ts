import { type Context, createProjectToken, hasProjectTokens } from '@latchkey/server'

/** Makes the project's first token; undefined where there is one already, as only its hash is kept. */
export async function firstToken(ctx: Context): Promise<string | undefined> {
  if (await hasProjectTokens(ctx)) return undefined
  return createProjectToken(ctx, 'first start')
}
