import { type UiNode, UpdateSettingsFlowWithProfileMethod, uiText } from '@latchkey/api'
import {
  compiledSchema,
  deriveFromTraits,
  type Identity,
  type IdentityDocument,
  violationMessages,
} from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { FlowError } from '../../flow/flow.ts'
import { convertedTraits, withEmptyObjects } from '../../flow/traits.ts'
import type { SettingsStep, SubmissionContext } from '../../method.ts'
import { input, methodButton } from '../../ui/nodes.ts'
import { traitNodes } from '../../ui/traits.ts'

/** Changing one's own traits. */
export const settings: SettingsStep<typeof UpdateSettingsFlowWithProfileMethod> = {
  body: UpdateSettingsFlowWithProfileMethod,
  keepsMessages: true,
  nodes: (ctx, _flow, signed) =>
    signed ? profileNodes(ctx, signed.identity.document.schema_id, signed.identity.document.traits) : [],
  decode(submission) {
    const { ctx, flow, signed } = submission
    const schemaId = signed?.identity.document.schema_id ?? ''
    const schema = compiledSchema(ctx, schemaId)
    const traits = convertedTraits(submission, schema.fields)
    const wrong = violationMessages(schema.validate(traits))
    if (wrong.length > 0) {
      const others = flow.ui.nodes.filter(
        ({ group, attributes }) =>
          group !== 'profile' && !(attributes.node_type === 'input' && attributes.name === 'traits'),
      )
      flow.ui.nodes = [
        ...others,
        ...profileNodes(ctx, schemaId, traits),
        ...unknownNodes(
          traits,
          schema.fields.map(({ name }) => name),
        ),
      ]
      throw new FlowError({ fields: wrong })
    }
    return async () => ({
      privileged: changesSignIn(submission, traits),
      change: (identity) => withTraits(ctx, identity, withEmptyObjects(traits, schema.fields)),
    })
  },
}

function profileNodes(ctx: Context, schemaId: string, traits: unknown): UiNode[] {
  return [...traitNodes(ctx, schemaId, 'profile', traits), methodButton('profile', 'profile', uiText(1070003))]
}

/** What was sent beyond the schema is shown, so that its message is understood. */
function unknownNodes(traits: Record<string, unknown>, known: readonly string[]): UiNode[] {
  return Object.entries(traits)
    .filter(
      ([key, value]) =>
        typeof value !== 'object' &&
        !known.some((name) => name === `traits.${key}` || name.startsWith(`traits.${key}.`)),
    )
    .map(([key, value]) => input(`traits.${key}`, 'profile', 'text', { value }))
}

function withTraits(ctx: Context, identity: Identity, traits: Record<string, unknown>): Identity {
  // Kratos forgets when the state was last changed here; its clients see the member absent.
  const { state_changed_at: _s, ...document } = identity.document
  return deriveFromTraits(ctx, { ...identity, document: { ...document, traits } as IdentityDocument })
}

/** Identifiers and addresses are credentials: changing one needs a recent sign-in. */
function changesSignIn({ ctx, signed }: SubmissionContext, traits: Record<string, unknown>): boolean {
  if (!signed) return true
  const { schema_id: schemaId, traits: before } = signed.identity.document
  const extracted = (value: Record<string, unknown>) => {
    const { identifiers, verification, recovery } = compiledSchema(ctx, schemaId).extract(value)
    return JSON.stringify(
      [identifiers, verification, recovery].map((list) => list.map((one) => JSON.stringify(one)).sort()),
    )
  }
  return extracted(before) !== extracted(traits)
}
