import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, stop } from 'esbuild'

const entry = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const folder = new URL('../../../node_modules/.cache/latchkey/', import.meta.url)

/** Packages of many small modules, and our own; all others are loaded as they are installed. */
const inlined = /^(@latchkey\/|typebox|kysely|libphonenumber-js)/

/**
 * Bundles the sources and gives the address of the result. Its name is a hash of its contents, so that servers that
 * start at the same time, or run still, never see each other's.
 */
export async function bundle() {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    conditions: ['development'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    keepNames: true,
    logLevel: 'error',
    plugins: [{ name: 'latchkey', setup }],
  })
  await stop()
  const contents = outputFiles[0].contents
  const file = new URL(`${createHash('sha256').update(contents).digest('hex').slice(0, 16)}.mjs`, folder)
  await mkdir(folder, { recursive: true })
  const unfinished = new URL(`${file.href}.${process.pid}`)
  await writeFile(unfinished, contents)
  await rename(unfinished, file)
  await removeOld()
  return file.href
}

const oldMs = 30 * 24 * 3_600_000

async function removeOld() {
  for (const name of await readdir(folder)) {
    const file = new URL(name, folder)
    const status = await stat(file).catch(() => undefined)
    if (status && Date.now() - status.mtimeMs > oldMs) await rm(file, { force: true })
  }
}

function setup(plugin) {
  plugin.onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, pluginData }) => {
    if (kind === 'entry-point' || pluginData === 'asked' || inlined.test(path)) return undefined
    if (path.startsWith('node:')) return { path, external: true }
    const found = await plugin.resolve(path, { kind, resolveDir, pluginData: 'asked' })
    if (found.errors.length > 0) return found
    return { path: found.external ? path : pathToFileURL(found.path).href, external: true }
  })
  // Sources find files beside themselves, wherever the bundle lies.
  plugin.onLoad({ filter: /\/src\/.*\.tsx?$/ }, async ({ path }) => {
    const text = await readFile(path, 'utf8')
    const contents = text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
    return { contents, loader: path.endsWith('x') ? 'tsx' : 'ts' }
  })
}
