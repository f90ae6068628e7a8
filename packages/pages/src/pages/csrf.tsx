import type { View } from '../page.ts'

/** The CSRF token of a form that does not belong to a flow. */
export function Csrf({ view }: { view: View }) {
  return view.csrf === undefined ? null : <input type="hidden" name="csrf_token" value={view.csrf} />
}
