import type { ProjectDatabase } from '../../kernel/context.ts'

/** The subset of Keto's tables that is read, as of v26.2.0. */
type KetoTables = {
  keto_relation_tuples: {
    shard_id: string
    nid: string
    namespace: string
    object: string
    relation: string
    subject_id: string | null
    subject_set_namespace: string | null
    subject_set_object: string | null
    subject_set_relation: string | null
  }
  /** Objects and subject ids are stored as UUIDs; this table maps them to names. */
  keto_uuid_mappings: { id: string; string_representation: string }
}

/** A tuple of Keto with the names of its UUIDs; null if a name is missing. */
export type KetoTuple = KetoTables['keto_relation_tuples'] & {
  object_name: string | null
  subject_name: string | null
  subject_set_name: string | null
}

const tables = ['keto_relation_tuples', 'keto_uuid_mappings']

/** Whether the database has Keto's tables in the schema used since Keto 0.9. */
export async function hasKetoTables(source: ProjectDatabase): Promise<boolean> {
  const found = await source.introspection.getTables()
  const [tuples, mappings] = tables.map((name) => found.find((table) => table.name === name))
  return mappings !== undefined && tuples?.columns.some(({ name }) => name === 'namespace') === true
}

/** The networks that have tuples, with the number of them. */
export async function ketoNetworks(source: ProjectDatabase): Promise<{ nid: string; count: number }[]> {
  const rows = await source
    .withTables<KetoTables>()
    .selectFrom('keto_relation_tuples')
    .select(({ fn }) => ['nid', fn.countAll<number>().as('count')])
    .groupBy('nid')
    .orderBy('nid')
    .execute()
  return rows.map(({ nid, count }) => ({ nid, count: Number(count) }))
}

/** Tuples of a network in the order of their ids, after a given one. */
export async function ketoTuples(
  source: ProjectDatabase,
  nid: string,
  { size, after }: { size: number; after: string | undefined },
): Promise<KetoTuple[]> {
  let query = source
    .withTables<KetoTables>()
    .selectFrom('keto_relation_tuples as t')
    .leftJoin('keto_uuid_mappings as object', 'object.id', 't.object')
    .leftJoin('keto_uuid_mappings as subject', 'subject.id', 't.subject_id')
    .leftJoin('keto_uuid_mappings as subject_set', 'subject_set.id', 't.subject_set_object')
    .selectAll('t')
    .select([
      'object.string_representation as object_name',
      'subject.string_representation as subject_name',
      'subject_set.string_representation as subject_set_name',
    ])
    .where('t.nid', '=', nid)
  if (after !== undefined) query = query.where('t.shard_id', '>', after)
  return query.orderBy('t.shard_id').limit(size).execute()
}
