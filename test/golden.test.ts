import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { goldenDir, root } from './stage/latchkey.ts'

const original = join(root, '..', 'shared', 'golden')

async function contents(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return new Map(
    await Promise.all(files.map(async (file) => [relative(folder, file), await readFile(file, 'utf8')] as const)),
  )
}

describe('the golden recordings', () => {
  it.skipIf(!existsSync(original))('equal the original recordings if available', async () => {
    const [ours, theirs] = [await contents(goldenDir), await contents(original)]
    for (const file of ['deviations.json', 'walk-deviations.json']) ours.delete(file)
    expect([...ours.keys()].sort()).toEqual([...theirs.keys()].sort())
    for (const [file, text] of theirs) expect(ours.get(file) === text, file).toBe(true)
  })

  it('have deviations only for existing steps, each with a reason', async () => {
    const deviations = JSON.parse(await readFile(join(goldenDir, 'deviations.json'), 'utf8'))
    for (const { suite, scenario, step, path, reason } of deviations) {
      const steps = JSON.parse(await readFile(join(goldenDir, 'expected', suite, `${scenario}.json`), 'utf8'))
      expect(step, `${suite}/${scenario}`).toBeLessThanOrEqual(steps.length)
      expect(path).toMatch(/^(\.|$)/)
      expect(reason.length).toBeGreaterThan(10)
    }
  })

  it('have walk deviations only for existing walks, each with a reason', async () => {
    const rules = JSON.parse(await readFile(join(goldenDir, 'walk-deviations.json'), 'utf8'))
    const recorded = new Map<string, string[]>()
    for (const file of await readdir(join(goldenDir, 'expected', 'walks'))) {
      const text = gunzipSync(await readFile(join(goldenDir, 'expected', 'walks', file))).toString('utf8')
      const steps = text.split('\n').flatMap((line) => (line ? JSON.parse(line).steps : []))
      recorded.set(
        file.replace('.jsonl.gz', ''),
        steps.map(({ request, note, status }) => `${request ?? note} ${status ?? ''}`),
      )
    }
    for (const { suite, request, path, reason } of rules) {
      const suites = [...recorded].filter(([name]) => new RegExp(`^(${suite})$`).test(name))
      expect(suites.flatMap(([, requests]) => requests).some((one) => new RegExp(request).test(one))).toBe(true)
      expect(() => new RegExp(path)).not.toThrow()
      expect(reason.length).toBeGreaterThan(10)
    }
  })
})
