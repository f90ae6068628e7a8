import type { Kysely, Migration } from 'kysely'
import type { Capabilities } from '../../kernel/context.ts'
import { secure } from './0001_foundation.ts'

/** Issuers whose assertions are exchanged for access tokens (RFC 7523). Their keys are in the set with their name. */
export function trustedIssuers({ dialect }: Capabilities): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('oauth2_trusted_issuers')
        .addColumn('project_id', 'text', (column) => column.notNull())
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('issuer', 'text', (column) => column.notNull())
        .addColumn('key_id', 'text', (column) => column.notNull())
        .addColumn('subject', 'text', (column) => column.notNull())
        .addColumn('any_subject', 'integer', (column) => column.notNull())
        .addColumn('scope', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('oauth2_trusted_issuers_pk', ['project_id', 'id'])
        .addUniqueConstraint('oauth2_trusted_issuers_subject', ['project_id', 'issuer', 'key_id', 'subject'])
        .execute()
      if (dialect === 'postgres') await secure(db, 'oauth2_trusted_issuers')
    },
  }
}
