import { readFile, stat } from 'node:fs/promises'

const maxBytes = 1 << 20

/** Reads a file of at most 1 MiB, or returns why it cannot be read. */
export async function readBounded(
  path: string,
): Promise<{ text: string; problem?: undefined } | { text?: undefined; problem: string }> {
  try {
    const status = await stat(path)
    if (!status.isFile()) return { problem: 'not a file' }
    if (status.size > maxBytes) return { problem: 'larger than 1 MiB' }
    return { text: await readFile(path, 'utf8') }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return { problem: code === 'ENOENT' ? 'no such file' : message }
  }
}
