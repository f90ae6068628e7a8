import { run } from './run.ts'
import { processTerminal } from './terminal.ts'

const status = await run(process.argv.slice(2), processTerminal())
if (status !== undefined) process.exitCode = status
