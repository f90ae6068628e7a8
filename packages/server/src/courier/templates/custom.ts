import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { readSource, SourceError } from '../../kernel/config/index.ts'
import type { TemplateFiles } from './go/template.ts'
import { parseTemplate, TemplateError } from './gotemplate.ts'
import type { CustomTemplates } from './render.ts'
import type { Template, TemplatePart, TemplateType } from './types.ts'

/** A custom template that cannot be used, with its location in the configuration. */
export interface TemplateProblem {
  path: string[]
  expected: string
  found: string
}

/** The base of relative paths, and how URLs are fetched. */
export type SourceOptions = Parameters<typeof readSource>[1]

/** The part of the courier configuration that references templates. */
export interface TemplateConfig {
  templates?: Partial<Record<string, TemplateSources | Partial<Record<string, TemplateSources>>>>
  template_override_path?: string
}

interface TemplateSources {
  email?: { subject?: string; body?: { plaintext?: string; html?: string } }
  sms?: { body?: { plaintext?: string } }
}

/**
 * Loads all custom templates: those of `courier.templates`, and, with lower precedence, the files under
 * `courier.template_override_path`, which has the same layout as in Kratos (`recovery_code/valid/email.body.gotmpl`).
 */
export async function loadCustomTemplates(
  config: TemplateConfig,
  options: SourceOptions,
): Promise<{ templates: CustomTemplates; problems: TemplateProblem[] }> {
  const templates = new Map<`${TemplateType}/${TemplatePart}`, Template>()
  const problems: TemplateProblem[] = []
  for (const place of places(config)) {
    const { url } = place
    try {
      const files = url
        ? { main: await readSource(url, options) }
        : await readOverride(config.template_override_path, place.file, options.folder)
      if (files) templates.set(place.key, parseTemplate(files, { html: place.part === 'html' }))
    } catch (error) {
      if (!(error instanceof SourceError || error instanceof TemplateError)) throw error
      const path = url ? place.path : ['courier', 'template_override_path']
      problems.push({
        path,
        expected: 'a template that can be used',
        found: `${url ? '' : `${place.file}: `}${error.message}`,
      })
    }
  }
  return { templates, problems }
}

interface Place {
  key: `${TemplateType}/${TemplatePart}`
  part: TemplatePart
  path: string[]
  file: string
  url?: string
}

/** The keys of each message in the configuration, which are also its directories in the override directory. */
const keysOf: Record<TemplateType, readonly string[]> = {
  recovery_code_valid: ['recovery_code', 'valid'],
  recovery_code_invalid: ['recovery_code', 'invalid'],
  recovery_valid: ['recovery', 'valid'],
  recovery_invalid: ['recovery', 'invalid'],
  verification_code_valid: ['verification_code', 'valid'],
  verification_code_invalid: ['verification_code', 'invalid'],
  verification_valid: ['verification', 'valid'],
  verification_invalid: ['verification', 'invalid'],
  login_code_valid: ['login_code', 'valid'],
  registration_code_valid: ['registration_code', 'valid'],
  verifiable_address_changed: ['verifiable_address_changed'],
}

function places({ templates }: TemplateConfig): Place[] {
  return (Object.keys(keysOf) as TemplateType[]).flatMap((type): Place[] => {
    const keys = keysOf[type]
    const sources = keys.reduce<unknown>((tree, key) => (tree as Partial<Record<string, unknown>>)?.[key], templates) as
      | TemplateSources
      | undefined
    const place = (part: TemplatePart, path: string[], file: string, url?: string): Place => ({
      key: `${type}/${part}`,
      part,
      path: ['courier', 'templates', ...keys, ...path],
      file: `${keys.join('/')}/${file}.gotmpl`,
      url,
    })
    return [
      place('subject', ['email', 'subject'], 'email.subject', sources?.email?.subject),
      place('text', ['email', 'body', 'plaintext'], 'email.body.plaintext', sources?.email?.body?.plaintext),
      place('html', ['email', 'body', 'html'], 'email.body', sources?.email?.body?.html),
      place('sms', ['sms', 'body', 'plaintext'], 'sms.body', sources?.sms?.body?.plaintext),
    ]
  })
}

async function readOverride(
  root: string | undefined,
  file: string,
  folder: string | undefined,
): Promise<TemplateFiles | undefined> {
  if (!root) return undefined
  if (folder === undefined) throw new SourceError('a folder, which is allowed only in configuration files')
  const path = join(resolve(folder, root), file)
  const status = await stat(path).catch(() => undefined)
  if (!status?.isFile()) return undefined
  return { main: await readFile(path, 'utf8'), others: await readSiblings(path) }
}

const maxSiblings = 100

/**
 * The files beside a template whose names begin like its own, by name: as in Kratos, `email.body.gotmpl` may call
 * `email.body.de.gotmpl`.
 */
async function readSiblings(path: string): Promise<Map<string, string>> {
  const own = basename(path)
  const start = own.replace(/\.gotmpl$/, '')
  const files = await readdir(dirname(path), { withFileTypes: true })
  const names = files.filter((file) => file.isFile() && file.name.startsWith(start) && file.name !== own)
  if (names.length > maxSiblings) throw new SourceError(`more than ${maxSiblings} files`)
  const read = names.map(async ({ name }) => [name, await readFile(join(dirname(path), name), 'utf8')] as const)
  return new Map(await Promise.all(read))
}
