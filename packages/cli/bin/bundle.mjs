import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'

const entry = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const folder = new URL('../../../node_modules/.cache/latchkey/', import.meta.url)

/** Packages of many small modules, and our own; all others are loaded as they are installed. */
const inlined = /^(@latchkey\/|typebox|kysely|libphonenumber-js|@bufbuild\/)/

/**
 * Bundles the sources and gives the address of the result. Its name tells the state of the sources, so that sources
 * which have not changed are not bundled again, and servers that run still never see another's program.
 */
export async function bundle() {
  const file = new URL(`${await stateOfSources()}.mjs`, folder)
  if (existsSync(file)) return file.href
  await make(file)
  return file.href
}

async function make(file) {
  // Loaded only here, since most starts find the program made.
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
    logLevel: 'error',
    plugins: [{ name: 'latchkey', setup }],
  })
  await stop()
  const contents = outputFiles[0].contents
  await mkdir(folder, { recursive: true })
  const unfinished = new URL(`${file.href}.${process.pid}`)
  await writeFile(unfinished, contents)
  await rename(unfinished, file)
  await removeOld()
}

/** A hash of the names, sizes and times of all sources, and of the list of installed packages. */
async function stateOfSources() {
  const folders = ['api', 'server', 'pages', 'client', 'cli'].map(
    (name) => new URL(`../../${name}/src/`, import.meta.url),
  )
  const lock = new URL('../../../package-lock.json', import.meta.url)
  const states = (await Promise.all(folders.map(statesIn))).flat()
  if (existsSync(lock)) states.push(stateOf(lock))
  return createHash('sha256')
    .update([process.version, ...states.sort()].join())
    .digest('hex')
    .slice(0, 16)
}

async function statesIn(directory) {
  const entries = await readdir(directory, { withFileTypes: true })
  const inner = await Promise.all(
    entries.filter((one) => one.isDirectory()).map(({ name }) => statesIn(new URL(`${name}/`, directory))),
  )
  const files = entries.filter(({ name }) => /\.(tsx?|json|css|js)$/.test(name) && !name.includes('.test.'))
  return [...inner.flat(), ...files.map(({ name }) => stateOf(new URL(name, directory)))]
}

function stateOf(file) {
  const { mtimeMs, size } = statSync(file)
  return `${file.pathname} ${mtimeMs} ${size}`
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
