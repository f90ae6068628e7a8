import cluster from 'node:cluster'
import { run } from './run.ts'
import { processTerminal } from './terminal.ts'

const status = await run(process.argv.slice(2), processTerminal())
if (status !== undefined) process.exitCode = status
// The channel to the primary process would keep a worker that could not start.
if (status !== undefined && cluster.isWorker) process.exit(status)
