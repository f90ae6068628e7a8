import type { Page } from '../src/page.ts'
import { renderPage } from '../src/render.tsx'
import { view } from './fixtures.ts'

/** Rendered pages, and access to their tags for tests. */

export const html = (page: Page | undefined, language: 'en' | 'de' = 'en') => {
  if (!page) throw new Error('no such fixture')
  return renderPage(page, { ...view, language })
}

export const tagsOf = (text: string, name: string) => text.match(new RegExp(`<${name}\\b[^>]*>`, 'g')) ?? []

/** The tag of the field of that name. */
export const fieldOf = (text: string, name: string) => {
  const tag = [...tagsOf(text, 'input'), ...tagsOf(text, 'select')].find((candidate) => {
    return candidate.includes(` name="${name}"`) && !candidate.includes('type="hidden"')
  })
  return tag ?? `no field ${name}`
}

export const buttonOf = (text: string, value: string) =>
  tagsOf(text, 'button').find((tag) => tag.includes(` value="${value}"`)) ?? `no button ${value}`
