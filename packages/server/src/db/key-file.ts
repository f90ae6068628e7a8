import { link, readFile, unlink, writeFile } from 'node:fs/promises'
import type { Random } from '../kernel/random.ts'

/** The secret in a key file: one line of base64. Undefined if there is no such file. */
export async function readKeyFile(path: string): Promise<Buffer | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new Error(`The key file ${path} cannot be read: ${error.message}`)
  })
  if (text === undefined) return undefined
  const secret = Buffer.from(text.trim(), 'base64')
  if (secret.length < 32) throw new Error(`The key file ${path} contains no secret of at least 32 bytes in base64.`)
  return secret
}

/**
 * Creates a key file that only its owner can read. If several processes do this at once, the file of one is kept.
 * Returns the secret in the file.
 */
export async function createKeyFile(path: string, secret: Buffer, random: Random): Promise<Buffer> {
  const draft = `${path}.${random.uuid()}`
  await writeFile(draft, `${secret.toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true })
  try {
    // Unlike renaming, this fails if the file exists.
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await unlink(draft)
  }
  return (await readKeyFile(path)) as Buffer
}
