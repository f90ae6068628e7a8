import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'

const file = new URL('../../../gotools/gotools.wasm.br', import.meta.url)

let compiled: Promise<WebAssembly.Module> | undefined

/** The WebAssembly module, which is unpacked and compiled at the first use, outside the event loop. */
export function loadModule(): Promise<WebAssembly.Module> {
  compiled ??= compile()
  return compiled
}

async function compile(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await promisify(brotliDecompress)(await readFile(file)))
}
