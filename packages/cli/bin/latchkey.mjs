#!/usr/bin/env node
// An installed package carries the built program. A checkout has sources, and makes the program from them at each
// start: one file of bundled code is read many times faster than a thousand small ones.
import cluster from 'node:cluster'
import { existsSync } from 'node:fs'

const built = new URL('../dist/main.js', import.meta.url)
const sources = new URL('../src/main.ts', import.meta.url)

/** Workers of one server run the program that its first process made. */
const shared = cluster.isWorker ? process.env.LATCHKEY_PROGRAM : undefined
const program = shared ?? (existsSync(sources) ? await bundled() : built.href)
process.env.LATCHKEY_PROGRAM = program
await import(program)

async function bundled() {
  const { bundle } = await import('./bundle.mjs')
  return bundle()
}
