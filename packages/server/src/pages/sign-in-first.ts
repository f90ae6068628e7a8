import type { Context } from '../kernel/context.ts'
import { type Call, type Reply, redirect } from '../kernel/http/index.ts'
import { publicUrl } from '../selfservice/index.ts'

/** Redirects to sign-in, from where the person returns to this page. */
export function signInFirst(ctx: Context, call: Call): Reply {
  const login = publicUrl(ctx, 'self-service/login/browser')
  login.searchParams.set('return_to', publicUrl(ctx, call.path.slice(1)).pathname)
  return redirect(login.toString())
}
