import { type UiNode, UpdateSettingsFlowWithProfileMethod, uiText } from '@latchkey/api'
import {
  compiledSchema,
  deriveFromTraits,
  type Identity,
  type IdentityDocument,
  violationMessages,
} from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { traitPrefix } from '../../flow/body.ts'
import { FlowError } from '../../flow/flow.ts'
import { completeTraits, convertedTraits } from '../../flow/traits.ts'
import type { SettingsStep, SubmissionContext } from '../../method.ts'
import { type InputType, input, methodButton, nodeName } from '../../ui/nodes.ts'
import { traitNodes } from '../../ui/traits.ts'

/** Changing one's own traits. */
export const settings: SettingsStep<typeof UpdateSettingsFlowWithProfileMethod> = {
  body: UpdateSettingsFlowWithProfileMethod,
  keepsMessages: true,
  showMistake: showSubmitted,
  nodes: (ctx, _flow, signed) =>
    signed ? profileNodes(ctx, signed.identity.document.schema_id, signed.identity.document.traits) : [],
  decode(submission) {
    const { ctx, signed } = submission
    const schemaId = signed?.identity.document.schema_id ?? ''
    const schema = compiledSchema(ctx, schemaId)
    const traits = completeTraits(submission.body, schema)
    const wrong = violationMessages(schema.validate(traits))
    if (wrong.length > 0) throw new FlowError({ fields: wrong })
    return async () => ({
      privileged: changesSignIn(submission, traits),
      change: (identity) => withTraits(ctx, identity, traits),
    })
  },
}

function profileNodes(ctx: Context, schemaId: string, traits: unknown): UiNode[] {
  return [...traitNodes(ctx, schemaId, 'profile', traits), methodButton('profile', 'profile', uiText(1070003))]
}

/** Fills the fields of traits with what was submitted, also with what the schema does not know. */
function showSubmitted(submission: SubmissionContext): void {
  const { ctx, flow, body, signed } = submission
  const schema = compiledSchema(ctx, signed?.identity.document.schema_id ?? '')
  for (const { attributes, ...node } of flow.ui.nodes) {
    if (attributes.node_type !== 'input' || !attributes.name.startsWith(traitPrefix)) continue
    node.messages.length = 0
    delete attributes.value
  }
  const nodes = new Map(flow.ui.nodes.map((node) => [nodeName(node), node]))
  let unknown = 0
  for (const [name, value] of leavesOf(convertedTraits(body, schema), 'traits')) {
    const node = nodes.get(name)
    if (node?.attributes.node_type === 'input') node.attributes.value = value
    else if (++unknown > mostUnknown) return
    else flow.ui.nodes.push(input(name, 'profile', inputTypeOf(value), { value }))
  }
}

/** How many traits that the schema does not know are shown; a person can neither fill in nor correct them. */
const mostUnknown = 100

/** The members of an object and of those within it, by their dotted names. */
function* leavesOf(value: Record<string, unknown>, prefix: string): Generator<[string, unknown]> {
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue
    const [name, member] = [`${prefix}.${key}`, value[key]]
    const isObject = typeof member === 'object' && member !== null && !Array.isArray(member)
    if (isObject) yield* leavesOf(member as Record<string, unknown>, name)
    else yield [name, member]
  }
}

function inputTypeOf(value: unknown): InputType {
  return typeof value === 'boolean' ? 'checkbox' : typeof value === 'number' ? 'number' : 'text'
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
  const extractFields = (value: Record<string, unknown>) => {
    const { identifiers, verification, recovery } = compiledSchema(ctx, schemaId).extract(value)
    return JSON.stringify(
      [identifiers, verification, recovery].map((list) => list.map((one) => JSON.stringify(one)).sort()),
    )
  }
  return extractFields(before) !== extractFields(traits)
}
