import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { referencePages } from '../scripts/reference.ts'
import { root } from './stage/latchkey.ts'

it.each([...referencePages()])('docs/reference/%s is the output of `npm run docs`', (name, text) => {
  expect(readFileSync(join(root, 'docs/reference', name), 'utf8')).toBe(text)
})
