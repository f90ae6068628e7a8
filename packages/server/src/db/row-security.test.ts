import { randomBytes } from 'node:crypto'
import { CompiledQuery } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dsns, openTestApp } from '../../test/app.ts'
import type { Context } from '../kernel/context.ts'
import { type Database, openDatabase } from './index.ts'

const dsn = dsns.find(([name]) => name === 'PostgreSQL')?.[1] ?? ''

/** PostgreSQL's superusers see everything, so the server is to connect as another; here one is made. */
describe.skipIf(!dsn)('row-level security on PostgreSQL', () => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let asTenant: Database
  let one: Context
  let two: Context
  const role = `tenant_${randomBytes(6).toString('hex')}`
  const admin = (sql: string) => app.database.unscoped.executeQuery(CompiledQuery.raw(sql))

  beforeAll(async () => {
    app = await openTestApp(dsn, [])
    one = (await app.project()).ctx
    two = (await app.project()).ctx
    await admin(`create role ${role} login password '${role}'`)
    await admin(`grant select, insert, update, delete on all tables in schema public to ${role}`)
    const found = await app.database.unscoped.executeQuery<{ name: string }>(
      CompiledQuery.raw('select current_database() as name'),
    )
    const url = new URL(dsn)
    Object.assign(url, { username: role, password: role, pathname: `/${found.rows[0]?.name}` })
    asTenant = await openDatabase(url.toString())
  })
  afterAll(async () => {
    await asTenant.close()
    await admin(`drop owned by ${role}`)
    await admin(`drop role ${role}`)
    await app.close()
  })

  const raw = async (ctx: Context | '*', sql: string, parameters: unknown[] = []) => {
    const db = ctx === '*' ? asTenant.unscoped : asTenant.project(ctx.project.id).db
    return (await db.executeQuery<{ project_id: string }>(CompiledQuery.raw(sql, parameters))).rows
  }

  it('shows a statement without any condition the rows of its own project only', async () => {
    const rows = await raw(one, 'select project_id from project_tokens')
    expect(rows).toEqual([{ project_id: one.project.id }])
    expect(await raw('*', 'select project_id from project_tokens')).toHaveLength(2)
  })

  it('lets it neither change nor remove nor make rows of another', async () => {
    expect(
      await raw(one, 'update project_tokens set name = $1 where project_id = $2 returning project_id', [
        'x',
        two.project.id,
      ]),
    ).toEqual([])
    expect(
      await raw(one, 'delete from project_tokens where project_id = $1 returning project_id', [two.project.id]),
    ).toEqual([])
    const insert =
      'insert into project_tokens (project_id, id, name, token_hash, created_at) values ($1, $2, $2, $2, 0)'
    await expect(raw(one, insert, [two.project.id, 'forged'])).rejects.toThrow(/row-level security/)
    expect(await raw(two, 'select project_id from project_tokens')).toHaveLength(1)
  })

  it('covers every table that belongs to projects', async () => {
    const open = await raw(
      '*',
      `select c.relname as project_id from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'project_id'
       where c.relkind = 'r' and not (c.relrowsecurity and c.relforcerowsecurity)`,
    )
    expect(open).toEqual([])
  })
})
