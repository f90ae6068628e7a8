import { type FSWatcher, watch } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { ConfigError } from './problems.ts'

/** What is loaded from files, and which: configurations, identity schemas, models, certificates. A folder ends with a slash. */
export interface FromFiles {
  readonly files: readonly string[]
}

/** A configuration that became another, or one that cannot be used while the running one stays. */
export type ConfigChange<L extends FromFiles> = { loaded: L } | { error: ConfigError }

/** Editors write in several steps; a file is read when it has been quiet for this long. */
const quietMs = 50

/**
 * Watches the files that a configuration came from, identity schemas and namespaces included, and loads it again when one changes.
 * Folders are watched rather than files, so that files which are replaced (by editors, or by links as in mounted
 * configuration maps) are seen. `onChange` hears of each difference once and of each mistake once.
 */
export function watchConfig<L extends FromFiles>(
  current: L,
  load: () => Promise<L>,
  onChange: (change: ConfigChange<L>) => void,
) {
  let running = essence(current)
  let lastError = ''
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let watchers: FSWatcher[] = []
  let reading = Promise.resolve()

  const report = async () => {
    const change = await loadAgain(load)
    if (closed) return
    if ('error' in change) {
      if (change.error.message !== lastError) onChange(change)
      lastError = change.error.message
      return
    }
    lastError = ''
    const text = essence(change.loaded)
    if (text === running) return
    running = text
    stop()
    watchers = watchFiles(change.loaded.files, later)
    onChange(change)
  }
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      reading = reading.then(report)
    }, quietMs)
  }
  const stop = () => {
    for (const watcher of watchers) watcher.close()
  }
  watchers = watchFiles(current.files, later)
  return {
    close() {
      closed = true
      clearTimeout(timer)
      stop()
    },
  }
}

/** What decides whether something changed: everything but the places that notices name. */
function essence(loaded: FromFiles): string {
  return JSON.stringify(loaded, (key, value: unknown) => (key === 'line' || key === 'column' ? undefined : value))
}

async function loadAgain<L extends FromFiles>(load: () => Promise<L>): Promise<ConfigChange<L>> {
  try {
    return { loaded: await load() }
  } catch (error) {
    if (error instanceof ConfigError) return { error }
    const found = `a failure (${(error as Error).message})`
    return { error: new ConfigError([{ file: 'configuration', key: '', expected: 'to be readable', found }]) }
  }
}

/** Of a folder that is watched as a whole. */
const anyName = '/'

function watchFiles(files: readonly string[], onEvent: () => void): FSWatcher[] {
  const folders = new Map<string, Set<string>>()
  for (const file of files) {
    const folder = file.endsWith('/') ? resolve(file) : dirname(resolve(file))
    const name = file.endsWith('/') ? anyName : basename(file)
    folders.set(folder, (folders.get(folder) ?? new Set()).add(name))
  }
  return [...folders].flatMap(([folder, names]) => {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => {
        if (name === null || names.has(name) || names.has(anyName) || name.startsWith('..')) onEvent()
      })
      return [watcher.on('error', () => watcher.close())]
    } catch {
      return []
    }
  })
}
