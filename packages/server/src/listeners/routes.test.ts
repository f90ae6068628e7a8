import { api, type OperationSpec } from '@latchkey/api'
import { expect, test } from 'vitest'
import { createMetrics } from '../kernel/metrics/index.ts'
import { allRoutes } from './routes.ts'

const readiness = {
  database: { ping: async () => {} },
  isClosing: () => false,
  workers: { count: () => ({ listening: 1, wanted: 1 }), areMissing: () => false },
}

test('every operation of the contract is served, once', () => {
  const { metadata, identity, oauth2, permission } = allRoutes(readiness, createMetrics([]))
  const served = [...metadata, ...identity, ...oauth2, ...permission].map(
    ({ method, path, plane }) => `${plane} ${method} ${path}`,
  )
  const operations = Object.values<OperationSpec>(api).map(({ method, path, plane }) => `${plane} ${method} ${path}`)
  expect(operations.length).toBeGreaterThanOrEqual(70)
  expect(operations.filter((operation) => !served.includes(operation))).toEqual([])
  expect(served.filter((route, i) => served.indexOf(route) !== i)).toEqual([])
})
