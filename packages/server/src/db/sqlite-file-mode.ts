import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'

/** The file holds the keys of the installation, so only its owner may read it. */
const mode = 0o600

/** Creates an SQLite file and its folder; an existing file is unchanged. */
export function createFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  closeSync(openSync(path, 'a', mode))
}

/**
 * Makes an SQLite file readable for its owner only. SQLite gives the files beside it (`-wal`, `-shm`) the mode of the
 * file.
 */
export function restrictFile(path: string): void {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) if (existsSync(file)) restrict(file)
}

/** A file of another user keeps its mode: its owner decided about it. */
function restrict(file: string): void {
  try {
    chmodSync(file, mode)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error
  }
}
