import type { Context } from '../../src/kernel/context.ts'
import * as listing from '../../src/permission/listing/store.ts'
import { tupleRow } from '../filled-project.ts'

const { namespace, object, relation, subject_namespace, subject_object, subject_relation } = tupleRow
const set = [namespace, object, relation] as const
const subject = [subject_namespace, subject_object, subject_relation] as const
const kind = [subject_namespace, subject_relation] as const
const page = { size: 100 }

/** For every function that queries for lists: what finds the tuple of a filled project. */
export const listingCases = {
  module: listing,
  cases: {
    objectsWith: (ctx: Context) => listing.objectsWith(ctx, [[...subject, namespace, relation]], 10),
    usersetsWith: (ctx: Context) => listing.usersetsWith(ctx, [set], 10),
    subjectsWith: (ctx: Context) => listing.subjectsWith(ctx, [set], kind, page),
    objectNames: async (ctx: Context) => [
      ...(await listing.objectNames(ctx, namespace, page)),
      ...(await listing.objectNames(ctx, subject_namespace, { ...page, after: '' })),
    ],
    subjectNames: (ctx: Context) => listing.subjectNames(ctx, kind, page),
  },
}
