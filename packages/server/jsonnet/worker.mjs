// A worker thread that evaluates Jsonnet in WebAssembly: one request at a time, each a JSON text. The module has no
// access to files, the network or the environment. The thread ends when the module does, for instance without memory.
import { readFileSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { brotliDecompressSync } from 'node:zlib'

const module = new WebAssembly.Module(brotliDecompressSync(readFileSync(new URL('jsonnet.wasm.br', import.meta.url))))
const success = 0
const badFile = 8
const notImplemented = 52

/** The functions of WASI (preview 1) that the Go runtime calls; all others are answered with an error. */
const wasi = {
  args_sizes_get: writeNoStrings,
  environ_sizes_get: writeNoStrings,
  args_get: () => success,
  environ_get: () => success,
  clock_time_get: (_clock, _precision, result) => {
    memory().setBigUint64(result, process.hrtime.bigint(), true)
    return success
  },
  random_get: (start, length) => {
    globalThis.crypto.getRandomValues(new Uint8Array(exports.memory.buffer, start, length))
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
evaluate(JSON.stringify({ snippet: "{ a: std.extVar('a') }", extCode: { a: '{ "b": ["c", 1, true, null] }' } }))
parentPort.on('message', (text) => {
  const answer = evaluate(text)
  parentPort.postMessage({ answer, memoryBytes: exports.memory.buffer.byteLength })
})
parentPort.postMessage('ready')
