import type { Context } from '../kernel/context.ts'

/** The stored configuration document of a project; undefined if there is none. */
export async function findConfigDocument({ db }: Pick<Context, 'db'>): Promise<unknown> {
  const row = await db.selectFrom('project_configs').select('document').executeTakeFirst()
  return row && JSON.parse(row.document)
}

export async function saveConfigDocument(
  { db }: Pick<Context, 'db'>,
  { document, now }: { document: object; now: number },
): Promise<void> {
  const row = { document: JSON.stringify(document), updated_at: now }
  await db
    .insertInto('project_configs')
    .values(row)
    .onConflict((conflict) => conflict.columns([]).doUpdateSet(row))
    .execute()
}
