// Builds the module of the server that evaluates Jsonnet and executes Go templates: `node packages/gotools/build.mjs [--check]`.
// The build is reproducible: with --check, the result is compared with the checked-in module and nothing is written.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { limitMemory } from './limit-memory.mjs'

const maxMemoryBytes = 128 << 20
const sources = fileURLToPath(new URL('.', import.meta.url))
const packed = new URL('../server/gotools/gotools.wasm.br', import.meta.url)
const hash = new URL('../server/gotools/gotools.wasm.sha256', import.meta.url)

if (process.argv.includes('--check')) check()
else write(build())

function check() {
  const recorded = readFileSync(hash, 'utf8').trim()
  const stored = sha256(brotliDecompressSync(readFileSync(packed)))
  if (stored !== recorded) fail(`the checked-in module has the hash ${stored}, not ${recorded}`)
  const wanted = `go${/^go (\S+)$/m.exec(readFileSync(join(sources, 'go.mod'), 'utf8'))?.[1]}`
  const installed = go(['env', 'GOVERSION']).stdout?.trim()
  if (installed !== wanted) {
    return console.log(`the module was not rebuilt: that needs ${wanted}, here is ${installed || 'no Go'}`)
  }
  if (go(['mod', 'download']).status !== 0) {
    return console.log('the module was not rebuilt: its Go dependencies cannot be fetched')
  }
  const built = sha256(build())
  if (built !== recorded) fail(`the sources give a module with the hash ${built}, not ${recorded}`)
  console.log('the module is what its sources give')
}

function build() {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-gotools-'))
  const file = join(folder, 'gotools.wasm')
  const flags = ['-buildmode=c-shared', '-buildvcs=false', '-trimpath', '-ldflags=-s -w -buildid=']
  const { status, stderr, error } = go(['build', ...flags, '-o', file, '.'])
  if (status !== 0) fail(error ? String(error) : stderr)
  const module = limitMemory(readFileSync(file), maxMemoryBytes)
  rmSync(folder, { recursive: true })
  return module
}

function go(args) {
  // Only the installed toolchain: another one would have to be downloaded.
  const env = { ...process.env, GOOS: 'wasip1', GOARCH: 'wasm', GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly' }
  env.PATH = `${env.PATH}:/usr/local/go/bin`
  return spawnSync('go', args, { cwd: sources, encoding: 'utf8', env })
}

function write(module) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: module.length,
  }
  const small = brotliCompressSync(module, { params })
  writeFileSync(packed, small)
  writeFileSync(hash, `${sha256(module)}\n`)
  console.log(`${module.length} bytes, ${small.length} packed`)
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex')
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
