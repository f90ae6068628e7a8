import { defineConfig } from 'vitest/config'

const resolve = { conditions: ['development'] }
const ssr = { resolve: { conditions: ['development'], externalConditions: ['development'] } }
const project = (name: string, include: string[], timeoutMs: number, extra: object = {}) => ({
  resolve,
  ssr,
  test: { name, include, testTimeout: timeoutMs, hookTimeout: 60_000, ...extra },
})

/** `unit` needs nothing; the others start the server as a process of its own. One file at a time there: they measure and they fight for cores. */
export default defineConfig({
  test: {
    maxConcurrency: 2,
    projects: [
      project('unit', ['packages/*/src/**/*.test.{ts,tsx}', 'packages/*/test/**/*.test.ts', 'test/*.test.ts'], 20_000, {
        setupFiles: ['test/stage/own_database.ts'],
      }),
      project('sdk', ['test/sdk/*.test.ts'], 120_000, { fileParallelism: false }),
      project('fuzz', ['test/fuzz/*.test.ts'], 600_000, { fileParallelism: false }),
      project('browser', ['test/browser/*.test.ts'], 180_000, { fileParallelism: false }),
      project('walks', ['test/walks/*.test.ts'], 900_000, { fileParallelism: false }),
      project('crash', ['test/crash/*.test.ts'], 180_000, { fileParallelism: false }),
    ],
  },
})
