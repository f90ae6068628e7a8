import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadOriginals } from './index.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keto-'))
  await writeFile(join(folder, 'harbour.ts'), 'class Quay implements Namespace {}\n')
})
afterEach(() => rm(folder, { recursive: true }))

it.each([
  ['feature_flags: { strict_mode: true }', true],
  ['namespaces: { location: "file://./harbour.ts", experimental_strict_mode: true }', true],
  ['namespaces: { location: "file://./harbour.ts", experimental_strict_mode: false }', false],
  ['feature_flags: { strict_mode: false }', false],
])('strict mode has a new and an old name: %s', async (text, expected) => {
  const keto = join(folder, 'keto.yml')
  await writeFile(keto, `${text}\n`)
  expect((await loadOriginals({ keto }, {})).config.permission.strictMode).toBe(expected)
})
