import { createServer } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'

// Loaded into a server under test: tells how long its event loop was blocked at most since the last question.
const delay = monitorEventLoopDelay({ resolution: 2 })
delay.enable()
createServer((_, response) => {
  response.end(String(delay.max / 1e6))
  delay.reset()
})
  .listen(Number(process.env.LATCHKEY_PROBE_PORT), '127.0.0.1')
  .unref()
