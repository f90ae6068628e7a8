import { createHash } from 'node:crypto'
import { type CompiledQuery, type DatabaseConnection, type QueryResult, SelectQueryNode } from 'kysely'
import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import type { PostgresPool } from './postgres-pool.ts'
import { isConnectionLost, unavailableFrom } from './unavailable.ts'

const changeProject = { name: 'project', text: `select set_config('latchkey.project_id', $1, false)` }

/** The names of server-side prepared statements, by SQL text. */
const names = new LRUCache<string, string>({ max: 500 })

function statementName(sql: string): string {
  const known = names.get(sql)
  if (known) return known
  const name = `s${createHash('sha256').update(sql).digest('hex').slice(0, 24)}`
  names.set(sql, name)
  return name
}

/** The project that each pooled connection is currently bound to, for row-level security. */
const currentProject = new WeakMap<pg.PoolClient, string>()

/** A connection of the pool while one request uses it, for the rows of one project. */
export class PostgresConnection implements DatabaseConnection {
  readonly #pool: PostgresPool
  readonly #projectId: string
  /** Undefined while it is replaced. */
  #client: pg.PoolClient | undefined
  #isBroken = false
  #isInTransaction = false

  constructor(pool: PostgresPool, client: pg.PoolClient, projectId: string) {
    this.#pool = pool
    this.#client = client
    this.#projectId = projectId
  }

  async begin(text: string): Promise<void> {
    await this.#repeatable(() => this.#send({ text }))
    this.#isInTransaction = true
  }

  async commit(): Promise<void> {
    const { command } = await this.#send({ text: 'commit' })
    this.#isInTransaction = false
    // PostgreSQL answers the commit of a transaction in which a statement failed with its rollback.
    if (command === 'ROLLBACK') throw new Error('A transaction was committed after one of its statements had failed.')
  }

  /** Never throws, so that the reason for the rollback is reported; the rollback of a broken connection is implied. */
  async rollback(): Promise<void> {
    this.#isInTransaction = false
    if (this.#isBroken) return
    await this.#send({ text: 'rollback' }).catch(() => {
      this.#isBroken = true
    })
  }

  release(): void {
    if (this.#client) this.#pool.release(this.#client, this.#isBroken)
    this.#client = undefined
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    // DDL has no parameters and is not worth preparing.
    const name = query.parameters.length > 0 && query.sql.length < 4096 ? statementName(query.sql) : undefined
    const statement = { name, text: query.sql, values: [...query.parameters] }
    const result = await (this.#isInTransaction || !isRead(query.query)
      ? this.#send(statement)
      : this.#repeatable(() => this.#send(statement)))
    const changes = /^(INSERT|UPDATE|DELETE|MERGE)$/.test(result.command ?? '')
    return { rows: result.rows as R[], numAffectedRows: changes ? BigInt(result.rowCount ?? 0) : undefined }
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query)
  }

  /**
   * Runs what changes nothing, and once more on another connection if the connection was lost. Other connections of the
   * pool can have broken at the same time, so it ends with one that was new.
   */
  async #repeatable<T>(run: () => Promise<T>): Promise<T> {
    for (let isFirst = true; ; isFirst = false) {
      const isLast = !isFirst && this.#pool.isFresh(this.#own)
      try {
        return await run()
      } catch (error) {
        if (!this.#isBroken || isLast) throw error
      }
      this.release()
      this.#client = await this.#pool.acquire()
      this.#isBroken = false
    }
  }

  /**
   * A connection that is bound to another project changes to this one in the same round trip as the statement.
   * @throws UnavailableError if the database is the reason for the failure
   */
  async #send(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    try {
      return await this.#bound(statement)
    } catch (error) {
      if (isConnectionLost(error)) this.#isBroken = true
      throw unavailableFrom(error)
    }
  }

  async #bound(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    const client = this.#own
    if (currentProject.get(client) === this.#projectId) return client.query(statement)
    currentProject.set(client, this.#projectId)
    const [change, answer] = await Promise.allSettled([
      client.query({ ...changeProject, values: [this.#projectId] }),
      client.query(statement),
    ])
    if (change.status === 'rejected') {
      // The statement was executed for another project: its answer is discarded, and so is the connection.
      this.#isBroken = true
      throw change.reason
    }
    if (answer.status === 'rejected') throw answer.reason
    return answer.value
  }

  get #own(): pg.PoolClient {
    if (!this.#client) throw new Error('The connection has been released.')
    return this.#client
  }
}

/** Whether a statement only reads. */
function isRead(node: CompiledQuery['query']): boolean {
  if (!SelectQueryNode.is(node)) return false
  return (node.with?.expressions ?? []).every(({ expression }) => SelectQueryNode.is(expression))
}
