import { readFile, stat } from 'node:fs/promises'

const largest = 1 << 20

/** The text of a file of at most 1 MiB, or why there is none. */
export async function readBounded(
  path: string,
): Promise<{ text: string; problem?: undefined } | { text?: undefined; problem: string }> {
  try {
    const status = await stat(path)
    if (!status.isFile()) return { problem: 'it is not a file' }
    if (status.size > largest) return { problem: 'it is larger than 1 MiB' }
    return { text: await readFile(path, 'utf8') }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return { problem: code === 'ENOENT' ? 'no such file' : message }
  }
}
