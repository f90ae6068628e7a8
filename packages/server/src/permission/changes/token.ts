import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { sameText } from '../../kernel/keys.ts'

/** A position in the record: the change at an index of a part of a revision. */
export interface Place {
  readonly revision: number
  readonly part: number
  readonly index: number
}

const latest = new WeakMap<object, { revision: number; token: string }>()

/** The snapshot token of a revision, with which a request can require at least that state. */
export function snapshotToken(ctx: Context, revision: number): string {
  const known = latest.get(ctx.project)
  if (known?.revision === revision) return known.token
  const token = sign(ctx, String(revision))
  latest.set(ctx.project, { revision, token })
  return token
}

/**
 * The revision of a snapshot token.
 * @throws ApiError 400 for a token that was not issued here for this project.
 */
export function revisionOf(ctx: Context, token: string): number {
  const known = latest.get(ctx.project)
  if (known?.token === token) return known.revision
  const { revision, part, index } = placeOf(ctx, token)
  // A position inside a revision implies that the revision has been committed.
  return part === 0 && index === 0 ? revision - 1 : revision
}

/** The position after all changes up to a revision. */
export function afterRevision(revision: number): Place {
  return { revision: revision + 1, part: 0, index: 0 }
}

/** The token of a position; between two revisions, the snapshot token of the state in between. */
export function placeToken(ctx: Context, { revision, part, index }: Place): string {
  if (part === 0 && index === 0) return snapshotToken(ctx, revision - 1)
  return sign(ctx, `${revision}-${part}-${index}`)
}

/** @throws ApiError 400 for a token that was not issued here for this project. */
export function placeOf(ctx: Context, token: string): Place {
  const [, text = '', revision, part, index, proof = ''] = pattern.exec(token) ?? []
  if (text === '' || !proofs(ctx, text).some((one) => sameText(proof, one))) {
    throw ApiError.badRequest({ message: 'The snapshot token was not issued for this project.' })
  }
  if (part === undefined) return afterRevision(Number(revision))
  return { revision: Number(revision), part: Number(part), index: Number(index) }
}

const pattern = /^((\d{1,15})(?:-(\d{1,9})-(\d{1,9}))?)\.([\w-]{1,100})$/

function sign(ctx: Context, text: string): string {
  return `${text}.${proofs(ctx, text)[0]}`
}

function proofs(ctx: Context, text: string): string[] {
  return ctx.tokenKeys.macs('snapshot token', `${ctx.project.id}/${text}`).map((mac) => mac.slice(0, 22))
}
