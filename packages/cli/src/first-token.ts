import { type Context, createProjectToken, hasProjectTokens } from '@latchkey/server'

/** Creates the project's first token. Returns undefined if it already has one: only hashes are stored. */
export async function createFirstToken(ctx: Context): Promise<string | undefined> {
  if (await hasProjectTokens(ctx)) return undefined
  return createProjectToken(ctx, 'first start')
}
