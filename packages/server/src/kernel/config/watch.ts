import { type FSWatcher, watch } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import type { Loaded } from './load.ts'
import { ConfigError } from './problems.ts'

/** A configuration that became another, or one that cannot be used while the running one stays. */
export type ConfigChange = { loaded: Loaded } | { error: ConfigError }

/** Editors write in several steps; a file is read when it has been quiet for this long. */
const quietMs = 50

/**
 * Watches the files that a configuration came from, identity schemas and namespaces included, and loads it again when one changes.
 * Folders are watched rather than files, so that files which are replaced (by editors, or by links as in mounted
 * configuration maps) are seen. `onChange` hears of each difference once and of each mistake once.
 */
export function watchConfig(current: Loaded, load: () => Promise<Loaded>, onChange: (change: ConfigChange) => void) {
  let running = JSON.stringify(current.config)
  let lastError = ''
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let watchers: FSWatcher[] = []
  let reading = Promise.resolve()

  const report = async () => {
    const change = await read(load)
    if (closed) return
    if ('error' in change) {
      if (change.error.message !== lastError) onChange(change)
      lastError = change.error.message
      return
    }
    lastError = ''
    const text = JSON.stringify(change.loaded.config)
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

async function read(load: () => Promise<Loaded>): Promise<ConfigChange> {
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
