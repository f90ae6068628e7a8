import { ApiError, type IdentityPatchResponse, type PatchIdentitiesBody } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Identity } from '../record.ts'
import { type Collision, saveAll } from '../save-all.ts'
import { answeringConflicts } from './conflict.ts'
import { checkGiven, type GivenIdentity, identityOf, schemaIdOf, validTraits } from './draft.ts'
import { checkImport, prepareImport } from './import.ts'

const mostIdentities = 1000
/** Limits per request, because hashing is slow. */
const maxPasswords = 200
const hashConcurrency = 8

type GivenPatch = NonNullable<PatchIdentitiesBody['identities']>[number] | null
type Answer = IdentityPatchResponse | null

/**
 * Creates several identities. An invalid body is rejected as a whole. Traits that violate their schema and conflicts
 * are reported per identity, and the other identities are created.
 */
export async function importIdentities(ctx: Context, patches: readonly GivenPatch[]): Promise<IdentityPatchResponse[]> {
  if (patches.length > mostIdentities) {
    throw ApiError.badRequest({ reason: `At most ${mostIdentities} identities can be created at once.` })
  }
  const given = patches.map((patch) => patch?.create ?? undefined)
  for (const one of given) {
    if (!one) continue
    checkGiven(one)
    checkImport(ctx, one.credentials)
  }
  if (given.filter((one) => one?.credentials?.password?.config?.password).length > maxPasswords) {
    throw ApiError.badRequest({
      reason: `At most ${maxPasswords} identities with a plain password can be created at once.`,
    })
  }
  const drafts = await createDrafts(ctx, given)
  const answers = await saveDrafts(ctx, drafts)
  const named = answers.map((answer, i) => answer && withPatchId(answer, patches[i]?.patch_id))
  // Kratos returns null for a patch without `create`, although its specification does not allow it.
  return named as IdentityPatchResponse[]
}

type Draft = Identity | ApiError | undefined

async function createDrafts(ctx: Context, given: readonly (GivenIdentity | undefined)[]): Promise<Draft[]> {
  const drafts: Draft[] = []
  for (let i = 0; i < given.length; i += hashConcurrency) {
    drafts.push(...(await Promise.all(given.slice(i, i + hashConcurrency).map((body) => draftOf(ctx, body)))))
  }
  return drafts
}

async function draftOf(ctx: Context, body: GivenIdentity | undefined): Promise<Draft> {
  if (!body) return undefined
  try {
    const traits = validTraits(ctx, schemaIdOf(ctx, body.schema_id), body.traits)
    return identityOf(ctx, body, traits, await prepareImport(ctx, body.credentials))
  } catch (error) {
    if (error instanceof ApiError && error.code < 500) return error
    throw error
  }
}

async function saveDrafts(ctx: Context, drafts: readonly Draft[]): Promise<Answer[]> {
  const identities = drafts.filter((draft): draft is Identity => draft !== undefined && !(draft instanceof ApiError))
  const collisions = await answeringConflicts(() => saveAll(ctx, identities))
  if (leavesNothing(identities.length, collisions)) throw ApiError.conflict()
  const collided = new Set(identities.filter((_, position) => collisions.has(position)))
  return drafts.map((draft) => {
    if (!draft) return null
    if (draft instanceof ApiError) return { action: 'error', error: draft.content }
    if (collided.has(draft)) return { action: 'error', error: ApiError.conflict().content }
    return { action: 'create', identity: draft.document.id }
  })
}

/**
 * As in Kratos, the whole request fails with 409 if the conflicting identity is the only candidate: the only one with
 * valid traits, or the only one with an unused external ID.
 */
function leavesNothing(count: number, collisions: ReadonlyMap<number, Collision>): boolean {
  const byExternalId = [...collisions.values()].filter((by) => by === 'external_id').length
  const left = count === 1 ? 1 : count - byExternalId
  return left === 1 && collisions.size === count
}

function withPatchId(answer: NonNullable<Answer>, patchId: string | null | undefined): Answer {
  return patchId ? { ...answer, patch_id: patchId } : answer
}
