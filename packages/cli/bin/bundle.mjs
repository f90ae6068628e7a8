import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'

const entry = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const folder = new URL('../../../node_modules/.cache/latchkey/', import.meta.url)

/** Packages bundled into the output: our own, and those that consist of many small modules. Others stay external. */
const inlined = /^(@latchkey\/|typebox|kysely|libphonenumber-js|@bufbuild\/)/

/**
 * Bundles the sources and returns the URL of the bundle. The file name contains a hash of the sources, so unchanged
 * sources are not bundled again, and a bundle that a running server uses is never overwritten.
 */
export async function bundle() {
  const file = new URL(`${await hashSources()}.mjs`, folder)
  if (existsSync(file)) return file.href
  await writeBundle(file)
  return file.href
}

async function writeBundle(file) {
  // Imported lazily: most starts find an existing bundle.
  const { build, stop } = await import('esbuild')
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
    // Without comments, V8 keeps the text in memory with one byte per character instead of two.
    minifyWhitespace: true,
    lineLimit: 200,
    legalComments: 'none',
    logLevel: 'error',
    plugins: [{ name: 'latchkey', setup }],
  })
  await stop()
  const contents = outputFiles[0].contents
  await mkdir(folder, { recursive: true })
  const unfinished = new URL(`${file.href}.${process.pid}`)
  await writeFile(unfinished, contents)
  await rename(unfinished, file)
  await removeOldBundles()
}

/** A hash of the names, sizes and modification times of all sources and of the package lock file. */
async function hashSources() {
  const folders = ['api', 'server', 'pages', 'client', 'cli'].map(
    (name) => new URL(`../../${name}/src/`, import.meta.url),
  )
  const lock = new URL('../../../package-lock.json', import.meta.url)
  const states = (await Promise.all(folders.map(fileStatesIn))).flat()
  if (existsSync(lock)) states.push(stateOf(lock))
  return createHash('sha256')
    .update([process.version, ...states.sort()].join())
    .digest('hex')
    .slice(0, 16)
}

async function fileStatesIn(directory) {
  const entries = await readdir(directory, { withFileTypes: true })
  const inner = await Promise.all(
    entries.filter((one) => one.isDirectory()).map(({ name }) => fileStatesIn(new URL(`${name}/`, directory))),
  )
  const files = entries.filter(({ name }) => /\.(tsx?|json|css|js)$/.test(name) && !name.includes('.test.'))
  return [...inner.flat(), ...files.map(({ name }) => stateOf(new URL(name, directory)))]
}

function stateOf(file) {
  const { mtimeMs, size } = statSync(file)
  return `${file.pathname} ${mtimeMs} ${size}`
}

const bundleLifetimeMs = 30 * 24 * 3_600_000

async function removeOldBundles() {
  for (const name of await readdir(folder)) {
    const file = new URL(name, folder)
    const status = await stat(file).catch(() => undefined)
    if (status && Date.now() - status.mtimeMs > bundleLifetimeMs) await rm(file, { force: true })
  }
}

function setup(plugin) {
  plugin.onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, pluginData }) => {
    if (kind === 'entry-point' || pluginData === 'resolving' || inlined.test(path)) return undefined
    if (path.startsWith('node:')) return { path, external: true }
    const found = await plugin.resolve(path, { kind, resolveDir, pluginData: 'resolving' })
    if (found.errors.length > 0) return found
    return { path: found.external ? path : pathToFileURL(found.path).href, external: true }
  })
  // Sources locate files relative to themselves, so import.meta.url must not point to the bundle.
  plugin.onLoad({ filter: /\/src\/.*\.tsx?$/ }, async ({ path }) => {
    const text = await readFile(path, 'utf8')
    const contents = text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
    return { contents, loader: path.endsWith('x') ? 'tsx' : 'ts' }
  })
}
