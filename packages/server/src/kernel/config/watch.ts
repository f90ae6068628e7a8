import { type FSWatcher, watch } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { ConfigError } from './problems.ts'

/** The files from which something was loaded: configurations, identity schemas, models, certificates. Directories end with a slash. */
export interface FromFiles {
  readonly files: readonly string[]
}

/** A changed configuration, or the error of an invalid one, which is not applied. */
export type ConfigChange<L extends FromFiles> = { loaded: L } | { error: ConfigError }

/** Debounce time: editors write files in several steps. */
const quietMs = 50

/**
 * Watches the files of a configuration, including identity schemas and namespaces, and reloads it when one changes.
 * Directories are watched rather than files, so that replaced files are detected (by editors, or by symbolic links as in
 * Kubernetes ConfigMaps). `onChange` is called once for each change and once for each error.
 */
export function watchConfig<L extends FromFiles>(
  current: L,
  load: () => Promise<L>,
  onChange: (change: ConfigChange<L>) => void,
) {
  let running = fingerprint(current)
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
    const text = fingerprint(change.loaded)
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

/** A string for change detection: everything except the locations of notices. */
function fingerprint(loaded: FromFiles): string {
  return JSON.stringify(loaded, (key, value: unknown) => (key === 'line' || key === 'column' ? undefined : value))
}

async function loadAgain<L extends FromFiles>(load: () => Promise<L>): Promise<ConfigChange<L>> {
  try {
    return { loaded: await load() }
  } catch (error) {
    if (error instanceof ConfigError) return { error }
    const found = `an error (${(error as Error).message})`
    return { error: new ConfigError([{ file: 'configuration', key: '', expected: 'to be readable', found }]) }
  }
}

/** The depth limit of a recursively watched directory. */
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
