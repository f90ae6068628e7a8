import type { Session as ApiSession } from '@latchkey/api'
import type { Context } from '../kernel/context.ts'
import type { KeysetPage } from '../kernel/http/keyset-pages.ts'
import { asJsonText, type JsonText } from '../kernel/json-text.ts'
import { listSessionRows } from './store.ts'
import { type Expansion, sessionJson, withoutAddresses } from './view.ts'

/** All sessions of the project, newest first, with the cursor of the next page if there is one. */
export async function listSessions(
  ctx: Context,
  { active, expand }: { active: boolean | undefined; expand: Expansion },
  { size, after }: KeysetPage,
): Promise<{ sessions: JsonText<ApiSession[]>; next?: string }> {
  // Fetches one extra row to detect whether there is a next page.
  const found = await listSessionRows(ctx, { active }, { size: size + 1, after })
  const rows = found.slice(0, size)
  const texts = rows.map((row) =>
    sessionJson(ctx, row, {
      identity: expand.identity ? withoutAddresses(ctx, row.document, row.schema_id) : 'null',
      devices: expand.devices ? row.devices : 'null',
    }),
  )
  return { sessions: asJsonText(`[${texts.join(',')}]`), next: found.length > size ? rows.at(-1)?.id : undefined }
}
