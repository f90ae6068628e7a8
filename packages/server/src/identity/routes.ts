import {
  batchPatchIdentities,
  createIdentity,
  deleteIdentity,
  deleteIdentityCredentials,
  getIdentity,
  getIdentityByExternalID,
  getIdentitySchema,
  listIdentities,
  listIdentitySchemas,
  patchIdentity,
  updateIdentity,
} from '@latchkey/api'
import type { Context } from '../kernel/context.ts'
import { bind, importBody, patchBody, type Route } from '../kernel/http/index.ts'
import { batchByAdmin } from './admin/batch.ts'
import { createByAdmin } from './admin/create.ts'
import { deleteByAdmin } from './admin/delete.ts'
import { deleteCredentialsByAdmin } from './admin/delete-credentials.ts'
import { getForAdmin } from './admin/get.ts'
import { listForAdmin } from './admin/list.ts'
import { patchByAdmin } from './admin/patch.ts'
import { updateByAdmin } from './admin/update.ts'
import { getSchema, listSchemas } from './list-schemas.ts'

const schemaRoutes: readonly Route[] = [
  bind(listIdentitySchemas, (ctx, _input, call) => listSchemas(ctx, call), 'set'),
  bind(getIdentitySchema, (ctx, { params }) => getSchema(ctx, params.id), 'ignore'),
]

/** What other rooms are told of identities. It happens in the same transaction, and what fails there undoes it. */
export interface IdentityNews {
  readonly deleted?: (ctx: Context, id: string) => Promise<void>
}

/** What administrators do with identities, and the schemas that everyone may read. */
export const identityRoutes = (news: IdentityNews = {}): readonly Route[] => [
  bind(listIdentities, (ctx, { query }, call) => listForAdmin(ctx, query, call)),
  bind(createIdentity, (ctx, { body }) => createByAdmin(ctx, body ?? {}), 'ignore', importBody),
  bind(batchPatchIdentities, (ctx, { body }) => batchByAdmin(ctx, body ?? {}), 'ignore', importBody),
  bind(getIdentityByExternalID, (ctx, { params, query }) =>
    getForAdmin(ctx, { externalId: params.externalID }, query.include_credential),
  ),
  bind(getIdentity, (ctx, { params, query }) => getForAdmin(ctx, { id: params.id }, query.include_credential)),
  bind(updateIdentity, (ctx, { params, body }) => updateByAdmin(ctx, params.id, body ?? {})),
  bind(patchIdentity, (ctx, { params, body }) => patchByAdmin(ctx, params.id, body), 'ignore', patchBody),
  bind(deleteIdentity, (ctx, { params }) => deleteByAdmin(ctx, params.id, news)),
  bind(deleteIdentityCredentials, (ctx, { params, query }) =>
    deleteCredentialsByAdmin(ctx, params.id, { ...query, type: params.type }),
  ),
  ...schemaRoutes,
  // Kratos serves schemas under the administrators' paths too.
  ...schemaRoutes.map((route) => ({ ...route, path: `/admin${route.path}`, csrf: 'ignore' as const })),
]
