import { ApiError, type CreateIdentityBody } from '@latchkey/api'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { CredentialChange, CredentialDefinition } from '../credentials/definition.ts'
import { definitionOf, emptyCredential } from '../credentials/index.ts'
import type { Identity } from '../record.ts'

export type GivenCredentials = CreateIdentityBody['credentials']

/** Throws 400 for credentials that cannot be imported. */
export function checkImport(ctx: Context, given: GivenCredentials): void {
  for (const { importer } of importedTypes(given)) importer.check(ctx, given ?? {})
}

/** Imported credentials, validated and hashed. */
export type PreparedImport = readonly { type: CredentialDefinition['type']; change: CredentialChange }[]

/** Validates and prepares the credentials. Hashing is slow, so this runs before the transaction. */
export async function prepareImport(ctx: Context, given: GivenCredentials): Promise<PreparedImport> {
  checkImport(ctx, given)
  return Promise.all(
    importedTypes(given).map(async ({ type, importer }) => ({
      type,
      change: await importer.prepare(ctx, given ?? {}),
    })),
  )
}

function importedTypes(given: GivenCredentials = {}) {
  const types = Object.entries(given).flatMap(([type, value]) => (value ? [type] : []))
  return types.map((name) => {
    const definition = definitionOf(name)
    if (!definition?.importer)
      throw ApiError.badRequest({ message: `Credentials of the type ${name} cannot be imported.` })
    const { type, importer } = definition
    return { type, importer }
  })
}

/** Adds imported credentials to existing ones. */
export function withImport(
  ctx: Context,
  { id, credentials }: { id: string; credentials: Identity['credentials'] },
  prepared: PreparedImport,
): Identity['credentials'] {
  const now = timestamp(ctx.clock.now())
  const imported = prepared.map(({ type, change }) => {
    const before = credentials[type] ?? emptyCredential(ctx, type, id)
    return [type, { ...change(before), updated_at: now }]
  })
  return { ...credentials, ...Object.fromEntries(imported) }
}
