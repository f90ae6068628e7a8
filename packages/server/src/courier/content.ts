import type { Context } from '../kernel/context.ts'
import { executeTemplate, TemplateError } from '../kernel/gotemplates/index.ts'
import { countTemplateFailure } from './counts.ts'
import { customTemplates } from './load.ts'
import { unseal } from './seal.ts'
import type { CourierMessageRow } from './tables.ts'
import { requestDomain } from './templates/domain.ts'
import { oneLine } from './templates/render.ts'
import type { Rendered, TemplatePart, TemplateType } from './templates/types.ts'

/**
 * The content of a message: as it was sent, or, before that, as it would be sent now. Custom templates are executed
 * here, and not when the message is queued, so that neither a sign-in nor a transaction waits for them. One that fails
 * with the data of this message is logged, and the built-in one takes its place.
 * @throws UnavailableError if too many templates wait for their execution
 */
export async function contentOf(ctx: Context, row: CourierMessageRow): Promise<Rendered> {
  const stored = storedContent(ctx, row)
  if (row.status === 'sent' || row.status === 'abandoned') return stored
  const part = async (name: TemplatePart, builtIn: string) => (await execute(ctx, row, name)) ?? builtIn
  if (row.type === 'phone') return { subject: '', text: (await part('sms', stored.text)).trim() }
  const [subject, text, html] = await Promise.all([
    part('subject', stored.subject),
    part('text', stored.text),
    part('html', stored.html ?? ''),
  ])
  return { subject: oneLine(subject), text, html }
}

/** How long the templates of one list are executed at most. */
const maxListMs = 5000

/**
 * The contents of some messages, as `contentOf` returns them. After a few seconds of slow templates, the others are
 * returned as they were queued, with the built-in templates.
 */
export async function contentsOf(ctx: Context, rows: readonly CourierMessageRow[]): Promise<Rendered[]> {
  const until = performance.now() + maxListMs
  const contents: Rendered[] = []
  for (const row of rows) contents.push(performance.now() < until ? await contentOf(ctx, row) : storedContent(ctx, row))
  return contents
}

function storedContent(ctx: Context, { id, subject, body, html }: CourierMessageRow): Rendered {
  const text = unseal(ctx, `${id}/body`, body)
  return html === null ? { subject, text } : { subject, text, html: unseal(ctx, `${id}/html`, html) }
}

/** What the custom template makes of a part; undefined if there is none, or if it failed. */
async function execute(ctx: Context, row: CourierMessageRow, part: TemplatePart): Promise<string | undefined> {
  const key = `${row.template_type as TemplateType}/${part}` as const
  const template = customTemplates(ctx).get(key)
  if (!template) return undefined
  const data = JSON.parse(unseal(ctx, `${row.id}/template_data`, row.template_data ?? '') || '{}') as object
  const given = { ...data, request_url_domain: requestDomain(data) }
  try {
    return await executeTemplate(template, given, { owner: ctx.project.id, date: row.created_at })
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    const reason = reasonOf(error)
    countTemplateFailure(row.template_type, part)
    ctx.log.error({ template: key, message_id: row.id, reason }, 'a custom template failed; the built-in one is sent')
    return undefined
  }
}

/** Which limit was exceeded, or where the template failed: what Go says about it can contain the data. */
function reasonOf({ message }: TemplateError): string {
  const [, place] = /^(?:html\/)?template: ?([^ ]*:\d+):/.exec(message) ?? []
  if (place) return `failed at ${place}`
  return /^the (?:evaluation|output|input) /.test(message) ? message : 'failed'
}
