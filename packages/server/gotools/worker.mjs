// A worker thread that evaluates Jsonnet and executes Go templates in WebAssembly: one request at a time, each a JSON
// text. The module has no access to files, the network, the environment or the time, except that of its request. The
// thread ends when the module does, for instance without memory.
import { parentPort, workerData } from 'node:worker_threads'

/** The compiled module, whose code all threads share. */
const module = workerData
const success = 0
const badFile = 8
const notImplemented = 52
/** The clock that shows the date; the others measure time. */
const dateClock = 0
/** The most that one call of `getRandomValues` returns. */
const maxRandomBytes = 65_536

/** The date for templates, in milliseconds. */
let nowMs = 0

/** The functions of WASI (preview 1) that the Go runtime calls; all others are answered with an error. */
const wasi = {
  args_sizes_get: writeNoStrings,
  environ_sizes_get: writeNoStrings,
  args_get: () => success,
  environ_get: () => success,
  clock_time_get: (clock, _precision, result) => {
    const time = clock === dateClock ? BigInt(nowMs) * 1_000_000n : process.hrtime.bigint()
    memory().setBigUint64(result, time, true)
    return success
  },
  random_get: (start, length) => {
    for (let at = 0; at < length; at += maxRandomBytes) {
      const size = Math.min(maxRandomBytes, length - at)
      globalThis.crypto.getRandomValues(new Uint8Array(exports.memory.buffer, start + at, size))
    }
    return success
  },
  // The Go runtime writes only before it ends.
  fd_write: (_file, parts, count, written) => {
    let size = 0
    for (let index = 0; index < count; index++) size += memory().getUint32(parts + index * 8 + 4, true)
    memory().setUint32(written, size, true)
    return success
  },
  poll_oneoff: (_subscriptions, _events, _count, occurred) => {
    memory().setUint32(occurred, 0, true)
    return success
  },
  sched_yield: () => success,
  fd_prestat_get: () => badFile,
  proc_exit: (code) => {
    throw new Error(`the evaluator ended with code ${code}`)
  },
}

function writeNoStrings(count, size) {
  memory().setUint32(count, 0, true)
  memory().setUint32(size, 0, true)
  return success
}

const imports = WebAssembly.Module.imports(module).map(({ name }) => [name, wasi[name] ?? (() => notImplemented)])
const { exports } = new WebAssembly.Instance(module, { wasi_snapshot_preview1: Object.fromEntries(imports) })
exports._initialize()

/** A new view at each use, because a memory that grows has a new buffer. */
function memory() {
  return new DataView(exports.memory.buffer)
}

function evaluate(text) {
  const request = Buffer.from(text)
  // Each call can let the memory grow, so that the buffer is taken afterwards.
  const start = exports.reserve(request.length)
  new Uint8Array(exports.memory.buffer).set(request, start)
  const size = exports.evaluate()
  const response = exports.response()
  return Buffer.from(exports.memory.buffer, response, size).toString('utf8')
}

// The first evaluation compiles much of the module.
const jsonnet = { text: "{ a: std.extVar('a') }", extCode: { a: '{ "b": ["c", 1, true, null] }' } }
const fields = [{ name: 'To', json: 'to', type: 'string' }]
const files = [{ name: 'warm', text: '<a href="{{ .To }}">{{ upper .To }}</a>' }]
evaluate(JSON.stringify({ jsonnet }))
evaluate(JSON.stringify({ template: { html: true, main: 'warm', files, fields, data: '{ "to": "a" }' } }))
parentPort.on('message', ({ text, date }) => {
  nowMs = date
  const answer = evaluate(text)
  parentPort.postMessage({ answer, memoryBytes: exports.memory.buffer.byteLength })
})
parentPort.postMessage('ready')
