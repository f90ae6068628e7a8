import type { Database } from '../db/index.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Project } from '../kernel/context.ts'
import type { Random } from '../kernel/random.ts'

export type { ProjectRow } from './tables.ts'

/**
 * The project with this slug, created if it does not exist, and renamed if it has another name. Safe when several nodes
 * start concurrently.
 */
export async function ensureProject(
  database: Database,
  wanted: { id?: string; slug: string; name: string },
  from: { clock: Pick<Clock, 'now'>; random: Random },
): Promise<Project> {
  const now = from.clock.now()
  await database.unscoped
    .insertInto('projects')
    .values({
      id: wanted.id ?? from.random.uuid(),
      slug: wanted.slug,
      name: wanted.name,
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) =>
      conflict
        .column('slug')
        .doUpdateSet({ name: wanted.name, updated_at: now })
        .where('projects.name', '!=', wanted.name),
    )
    .execute()
  const found = await findProjectBySlug(database, wanted.slug)
  if (!found) throw new Error(`project ${wanted.slug} could not be made`)
  return found
}

export async function findProjectBySlug(database: Database, slug: string): Promise<Project | undefined> {
  return projects(database).where('slug', '=', slug).executeTakeFirst()
}

export async function findProjectById(database: Database, id: string): Promise<Project | undefined> {
  return projects(database).where('id', '=', id).executeTakeFirst()
}

function projects(database: Database) {
  return database.unscoped.selectFrom('projects').select(['id', 'slug', 'name'])
}

/** One page of project ids in ascending order, starting after an id. */
export async function listProjectIds(database: Database, page: { after: string; limit: number }): Promise<string[]> {
  const rows = await database.unscoped
    .selectFrom('projects')
    .select('id')
    .where('id', '>', page.after)
    .orderBy('id')
    .limit(page.limit)
    .execute()
  return rows.map(({ id }) => id)
}
