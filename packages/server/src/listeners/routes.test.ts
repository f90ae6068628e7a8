import { api, type OperationSpec } from '@latchkey/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../db/index.ts'
import { createMetrics } from '../kernel/metrics/index.ts'
import { allRoutes } from './routes.ts'

let database: Database
beforeAll(async () => {
  database = await openDatabase('memory')
})
afterAll(() => database.close())

test('every operation of the contract is served, once', () => {
  const { metadata, identity, permission } = allRoutes(database, createMetrics([]))
  const served = [...metadata, ...identity, ...permission].map(
    ({ method, path, plane }) => `${plane} ${method} ${path}`,
  )
  const operations = Object.values<OperationSpec>(api).map(({ method, path, plane }) => `${plane} ${method} ${path}`)
  expect(operations.length).toBeGreaterThanOrEqual(70)
  expect(operations.filter((operation) => !served.includes(operation))).toEqual([])
  expect(served.filter((route, i) => served.indexOf(route) !== i)).toEqual([])
})
