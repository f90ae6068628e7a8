import { ApiError } from '@latchkey/api'
import { importMessages } from '../courier/index.ts'
import type { SourceDatabase } from '../db/index.ts'
import {
  countStored,
  type Identity,
  importIdentities,
  isCredentialType,
  type RefusedIdentity,
} from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { ImportError } from '../kernel/import-error.ts'
import { importSessions } from '../session/index.ts'
import { identityOf, type KratosCredential } from './identities.ts'
import { dispatchOf, messageOf } from './messages.ts'
import { sessionOf } from './sessions.ts'
import {
  countKratosRows,
  type KratosSource,
  kratosCredentialTypes,
  kratosNetworks,
  kratosPage,
  kratosRowsOf,
  openKratosSource,
} from './store.ts'
import type { KratosTable, KratosTables } from './tables.ts'

export interface KratosImportOptions {
  /** The network to read if the source has several. */
  network?: string
  onProgress?: (table: KratosTable, read: number, of: number) => void
}

/** How many rows a table of the source has, and how many of them are in the target now. */
export interface TableCount {
  table: KratosTable
  source: number
  here: number
}

export interface ImportedKratos {
  network: string
  counts: readonly TableCount[]
  refused: readonly RefusedIdentity[]
}

/** Small enough that a transaction does not hold the target for long. */
const pageSize = 500

/**
 * Takes over the identities, credentials, addresses, sessions and courier history of a Kratos database with their ids.
 * Each page is one transaction, and what is there already is left alone, so that an import that was interrupted is
 * continued by another one. Flows and their codes are not taken over.
 * @throws ImportError
 */
export async function importFromKratos(
  ctx: Context,
  from: SourceDatabase,
  options: KratosImportOptions = {},
): Promise<ImportedKratos> {
  return from.unscoped.transaction().execute(async (db) => {
    const source = await openKratosSource(db, from.textType)
    const network = await networkOf(source, options.network)
    const run = new Run(ctx, source, network, options)
    await run.identities()
    await run.sessions()
    await run.messages()
    return { network, counts: await run.counts(), refused: run.refused }
  })
}

async function networkOf(source: KratosSource, wanted: string | undefined): Promise<string> {
  const networks = await kratosNetworks(source)
  const listed = networks.map(({ nid, identities }) => `  ${nid} (identities: ${identities})`).join('\n')
  if (wanted !== undefined) {
    if (networks.some(({ nid }) => nid === wanted.toLowerCase())) return wanted.toLowerCase()
    throw new ImportError(`The source has no identities in the network ${wanted}. It has these networks:\n${listed}`)
  }
  const [first, ...others] = networks
  if (!first) throw new ImportError('The source has no identities.')
  if (others.length > 0) throw new ImportError(`The source has several networks; name one of them:\n${listed}`)
  return first.nid
}

/** One import. */
class Run {
  readonly #here = new Map<KratosTable, number>()
  readonly refused: RefusedIdentity[] = []
  readonly #ctx: Context
  readonly #source: KratosSource
  readonly #network: string
  readonly #options: KratosImportOptions

  constructor(ctx: Context, source: KratosSource, network: string, options: KratosImportOptions) {
    this.#ctx = ctx
    this.#source = source
    this.#network = network
    this.#options = options
  }

  async identities(): Promise<void> {
    const types = await kratosCredentialTypes(this.#source)
    await this.#eachPage('identities', async (rows) => {
      const identities = await this.#toIdentities(rows, types)
      const { refused } = await importIdentities(this.#ctx, identities)
      this.refused.push(...refused)
      const stored = await countStored(
        this.#ctx,
        rows.map(({ id }) => id),
      )
      this.#add('identities', stored.identities)
      this.#add('identity_credentials', stored.credentials)
      this.#add('identity_credential_identifiers', stored.identifiers)
      this.#add('identity_verifiable_addresses', stored.verifiableAddresses)
      this.#add('identity_recovery_addresses', stored.recoveryAddresses)
    })
  }

  async sessions(): Promise<void> {
    await this.#eachPage('sessions', async (rows) => {
      const devices = await this.#rowsBy('session_devices', 'session_id', rows)
      const stored = await importSessions(
        this.#ctx,
        rows.map((row) => ({ session: sessionOf(row, devices.get(row.id) ?? []), token: row.token })),
      )
      this.#add('sessions', stored.sessions)
      this.#add('session_devices', stored.devices)
    })
  }

  async messages(): Promise<void> {
    await this.#eachPage('courier_messages', async (rows) => {
      const dispatches = await this.#rowsBy('courier_message_dispatches', 'message_id', rows)
      const stored = await importMessages(
        this.#ctx,
        rows.map(messageOf),
        [...dispatches.values()].flat().map(dispatchOf),
      )
      this.#add('courier_messages', stored.messages)
      this.#add('courier_message_dispatches', stored.dispatches)
    })
  }

  async counts(): Promise<TableCount[]> {
    const counts: TableCount[] = []
    for (const [table, here] of this.#here) {
      counts.push({ table, here, source: await countKratosRows(this.#source, table, this.#network) })
    }
    return counts
  }

  #add(table: KratosTable, count: number): void {
    this.#here.set(table, (this.#here.get(table) ?? 0) + count)
  }

  async #eachPage<T extends KratosTable>(table: T, work: (rows: KratosTables[T][]) => Promise<void>): Promise<void> {
    const of = await countKratosRows(this.#source, table, this.#network)
    let read = 0
    for (let after: string | undefined; ; ) {
      const rows = await kratosPage(this.#source, table, { nid: this.#network, after, size: pageSize })
      await work(rows)
      const last = rows.at(-1)
      if (!last) return
      after = last.id
      read += rows.length
      this.#options.onProgress?.(table, read, of)
    }
  }

  async #toIdentities(
    rows: readonly KratosTables['identities'][],
    types: ReadonlyMap<string, string>,
  ): Promise<Identity[]> {
    const verifiable = await this.#rowsBy('identity_verifiable_addresses', 'identity_id', rows)
    const recovery = await this.#rowsBy('identity_recovery_addresses', 'identity_id', rows)
    const credentials = await this.#rowsBy('identity_credentials', 'identity_id', rows)
    const all = [...credentials.values()].flat()
    const identifiers = await this.#rowsBy('identity_credential_identifiers', 'identity_credential_id', all)
    const toCredential = (row: KratosTables['identity_credentials']): KratosCredential[] => {
      const type = types.get(row.identity_credential_type_id) ?? ''
      if (!isCredentialType(type)) return []
      return [{ type, row, identifiers: (identifiers.get(row.id) ?? []).map(({ identifier }) => identifier) }]
    }
    return rows.flatMap((row) => {
      this.#requireSchema(row)
      try {
        const identity = identityOf({
          row,
          credentials: (credentials.get(row.id) ?? []).flatMap(toCredential),
          verifiable: verifiable.get(row.id) ?? [],
          recovery: recovery.get(row.id) ?? [],
        })
        return [identity]
      } catch (error) {
        if (!(error instanceof ApiError || error instanceof RangeError || error instanceof SyntaxError)) throw error
        this.refused.push({ id: row.id, reason: reasonOf(error) })
        return []
      }
    })
  }

  #requireSchema({ id, schema_id: schema }: KratosTables['identities']): void {
    if (this.#ctx.config.identitySchemas.some((one) => one.id === schema)) return
    throw new ImportError(
      `The identity ${id} has the schema ${schema}, which is not in the configuration. Give the configuration of Kratos with --kratos.`,
    )
  }

  /** The rows of a table that refer to some rows, by the id of those. */
  async #rowsBy<T extends KratosTable>(
    table: T,
    column: keyof KratosTables[T] & string,
    rows: readonly { id: string }[],
  ): Promise<Map<string, KratosTables[T][]>> {
    const found = new Map<string, KratosTables[T][]>()
    const values = rows.map(({ id }) => id)
    for (const row of await kratosRowsOf(this.#source, table, { column, values })) {
      const key = String(row[column])
      const list = found.get(key)
      if (list) list.push(row)
      else found.set(key, [row])
    }
    return found
  }
}

function reasonOf(error: Error): string {
  return error instanceof ApiError ? (error.reason ?? error.message) : error.message
}
