import { readdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readSource, SourceError } from '../../kernel/config/index.ts'
import { type GoTemplate, parseTemplate, TemplateError } from '../../kernel/gotemplates/index.ts'
import { fieldsOf } from './fields.ts'
import type { CustomTemplates, TemplatePart, TemplateType } from './types.ts'

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
  const templates = new Map<`${TemplateType}/${TemplatePart}`, GoTemplate>()
  const problems: TemplateProblem[] = []
  for (const place of places(config)) {
    const { url } = place
    try {
      const files = url
        ? [{ name: place.name, text: await readSource(url, options) }]
        : await readOverride(config.template_override_path, place, options.folder)
      if (!files) continue
      const template = { html: place.part === 'html', main: place.name, files, fields: fieldsOf(place.type) }
      await parseTemplate(template)
      templates.set(place.key, template)
    } catch (error) {
      if (!(error instanceof SourceError || error instanceof TemplateError)) throw error
      const path = url ? place.path : ['courier', 'template_override_path']
      problems.push({
        path,
        expected: 'a template that can be used',
        found: `${url ? '' : `${place.folder}: `}${error.message}`,
      })
    }
  }
  return { templates, problems }
}

interface Place {
  key: `${TemplateType}/${TemplatePart}`
  type: TemplateType
  part: TemplatePart
  path: string[]
  /** The folder below the override folder, and the name of the file in it. */
  folder: string
  name: string
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
  authenticator_key_added: ['authenticator_key_added'],
  impersonation_started: ['impersonation_started'],
}

function places({ templates }: TemplateConfig): Place[] {
  return (Object.keys(keysOf) as TemplateType[]).flatMap((type): Place[] => {
    const keys = keysOf[type]
    const sources = keys.reduce<unknown>((tree, key) => (tree as Partial<Record<string, unknown>>)?.[key], templates) as
      | TemplateSources
      | undefined
    const place = (part: TemplatePart, path: string[], name: string, url?: string): Place => ({
      key: `${type}/${part}`,
      type,
      part,
      path: ['courier', 'templates', ...keys, ...path],
      folder: keys.join('/'),
      name: `${name}.gotmpl`,
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

type Files = GoTemplate['files']

async function readOverride(
  root: string | undefined,
  { folder, name }: Place,
  base: string | undefined,
): Promise<Files | undefined> {
  if (!root) return undefined
  if (base === undefined) throw new SourceError('a folder, which is allowed only in configuration files')
  const path = join(resolve(base, root), folder)
  const status = await stat(join(path, name)).catch(() => undefined)
  return status?.isFile() ? readWithSiblings(path, name) : undefined
}

const maxFiles = 100

/**
 * A template and the files beside it whose names begin like its own, in the order in which Kratos parses them: by name.
 * `email.body.gotmpl` may call `email.body.de.gotmpl`.
 */
async function readWithSiblings(folder: string, main: string): Promise<Files> {
  const start = main.replace(/\.gotmpl$/, '')
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => !entry.isDirectory() && entry.name.startsWith(start)).map(({ name }) => name)
  if (names.length > maxFiles) throw new SourceError(`more than ${maxFiles} files`)
  return Promise.all(names.sort().map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })))
}
