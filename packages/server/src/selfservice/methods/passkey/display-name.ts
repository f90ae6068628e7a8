import { compiledSchema, type IdentityDocument } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { credentialFields } from '../../ui/traits.ts'

/**
 * What passkeys of an identity are called: the trait that the schema marks as `passkey.display_name` or, as in Kratos,
 * as `webauthn.identifier`. Undefined if there is none.
 */
export function displayName(
  ctx: Context,
  { schema_id: schemaId, traits }: Pick<IdentityDocument, 'schema_id' | 'traits'>,
): string | undefined {
  const { labels, identifiers } = compiledSchema(ctx, schemaId).extract(traits)
  return labels.passkey || identifiers.find(({ type }) => type === 'webauthn')?.value
}

/** The field of the sign-up form that holds the name; otherwise another identifier. Undefined if there is none. */
export function displayNameField(ctx: Context, schemaId: string): string | undefined {
  const fields = credentialFields(ctx, schemaId)
  const marked =
    fields.find(({ credentials }) => credentials.passkey?.display_name === true) ??
    fields.find(({ credentials }) => credentials.webauthn?.identifier === true) ??
    fields.find(({ credentials }) => Object.values(credentials).some((one) => one?.identifier === true))
  return marked?.name
}
