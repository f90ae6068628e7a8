import type { Kysely, Migration } from 'kysely'

/** The steps of flows, and of errors with the flow that they belong to. */
export function flowSteps(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('flows').addColumn('steps', 'text').execute()
      await db.schema.alterTable('flow_errors').addColumn('flow_id', 'text').execute()
      await db.schema.alterTable('flow_errors').addColumn('explanation', 'text').execute()
      await db.schema.createIndex('flow_errors_flow').on('flow_errors').columns(['project_id', 'flow_id']).execute()
    },
  }
}
