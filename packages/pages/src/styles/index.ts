import { form } from './form.ts'
import { layout } from './layout.ts'
import { parts } from './parts.ts'
import { tokens } from './tokens.ts'

/** The stylesheet of all pages. */
export const stylesheet = [tokens, layout, form, parts].map((part) => part.trim()).join('\n')
