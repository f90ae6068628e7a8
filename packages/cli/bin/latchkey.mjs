#!/usr/bin/env node
// An installed package contains the built program. A checkout is bundled from its sources at each start, because one
// bundled file loads many times faster than a thousand small modules.
import cluster from 'node:cluster'
import { existsSync } from 'node:fs'

const built = new URL('../dist/main.js', import.meta.url)
const sources = new URL('../src/main.ts', import.meta.url)

/** Worker processes run the program that their primary process has bundled. */
const shared = cluster.isWorker ? process.env.LATCHKEY_PROGRAM : undefined
const program = shared ?? (existsSync(sources) ? await bundleSources() : built.href)
process.env.LATCHKEY_PROGRAM = program
await import(program)

async function bundleSources() {
  const { bundle } = await import('./bundle.mjs')
  return bundle()
}
