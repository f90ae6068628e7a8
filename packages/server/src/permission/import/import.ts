import { ApiError } from '@latchkey/api'
import type { Database } from '../../db/index.ts'
import type { Context, ProjectDatabase } from '../../kernel/context.ts'
import { ImportError } from '../../kernel/import-error.ts'
import { recordChanges } from '../changes/record.ts'
import type { RelationTupleRow } from '../tables.ts'
import { requireSubject } from '../tuples/parse.ts'
import { recordShapes } from '../tuples/shapes.ts'
import { insertNewTuples } from '../tuples/store.ts'
import { type RelationTuple, subjectColumns } from '../tuples/subject.ts'
import { hasKetoTables, type KetoTuple, ketoNetworks, ketoTuples } from './store.ts'

export interface Imported {
  network: string
  /** The number of tuples read, and of those that were new. */
  read: number
  written: number
  namespaces: readonly string[]
}

export interface ImportOptions {
  /** The network to read if the source has several. */
  network?: string
  onProgress?: (read: number, of: number) => void
}

const batchSize = 1000

/**
 * Imports the tuples of a Keto database, all or nothing. Tuples of an earlier import are not inserted again: each copy of
 * a tuple has an id that is derived from Keto's.
 * @throws ImportError
 */
export async function importTuples(ctx: Context, from: Database, options: ImportOptions = {}): Promise<Imported> {
  return from.unscoped.transaction().execute(async (source) => {
    const { nid, count } = await networkOf(source, options.network)
    return ctx.transaction(async (tx) => {
      const done = { network: nid, read: 0, written: 0, namespaces: new Set<string>() }
      for (let after: string | undefined; ; ) {
        const tuples = await ketoTuples(source, nid, { size: batchSize, after })
        if (tuples.length === 0) return { ...done, namespaces: [...done.namespaces].sort() }
        const rows = tuples.map(rowOf)
        const written = await insertNewTuples(tx, rows)
        await recordShapes(tx, rows)
        await recordChanges(
          tx,
          written.map((tuple) => ({ action: 'insert', tuple })),
        )
        done.written += written.length
        done.read += rows.length
        for (const { namespace } of rows) done.namespaces.add(namespace)
        options.onProgress?.(done.read, count)
        after = tuples.at(-1)?.shard_id
      }
    })
  })
}

async function networkOf(source: ProjectDatabase, wanted: string | undefined) {
  if (!(await hasKetoTables(source))) {
    throw new ImportError('The source is no database of Keto 0.9 or newer: its tables are missing.')
  }
  const networks = await ketoNetworks(source)
  const listed = networks
    .map(({ nid, count }) => `  ${nid} (${count === 1 ? '1 relationship' : `${count} relationships`})`)
    .join('\n')
  if (wanted !== undefined) {
    const found = networks.find(({ nid }) => nid === wanted.toLowerCase())
    if (found) return found
    throw new ImportError(`The source has no relationships in the network ${wanted}. It has these networks:\n${listed}`)
  }
  const [first, ...others] = networks
  if (!first) throw new ImportError('The source has no relationships.')
  if (others.length > 0) throw new ImportError(`The source has several networks; name one of them:\n${listed}`)
  return first
}

function rowOf(keto: KetoTuple): RelationTupleRow {
  const tuple = tupleOf(keto)
  const { namespace, object, relation } = tuple
  return { namespace, object, relation, ...subjectColumns(tuple), id: copyNumber(keto.shard_id), condition: '' }
}

function tupleOf(keto: KetoTuple): RelationTuple {
  const { shard_id, namespace, relation } = keto
  const nameOf = (uuid: string | null, name: string | null): string => {
    if (name !== null) return name
    throw new ImportError(`The relationship ${shard_id} cannot be taken over: nothing tells what ${uuid} means.`)
  }
  const object = nameOf(keto.object, keto.object_name)
  const subject =
    keto.subject_id === null
      ? {
          subject_set: {
            namespace: keto.subject_set_namespace ?? '',
            object: nameOf(keto.subject_set_object, keto.subject_set_name),
            relation: keto.subject_set_relation ?? '',
          },
        }
      : { subject_id: nameOf(keto.subject_id, keto.subject_name) }
  if (subject.subject_set?.namespace === '') {
    throw new ImportError(`The relationship ${shard_id} cannot be taken over: its subject set has no namespace.`)
  }
  try {
    return requireSubject({ namespace, object, relation, ...subject })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw new ImportError(`The relationship ${shard_id} cannot be taken over: ${error.message}`)
  }
}

/** The first 48 bits of Keto's id, which are random. */
function copyNumber(shardId: string): number {
  return Number.parseInt(shardId.replaceAll('-', '').slice(0, 12), 16)
}
