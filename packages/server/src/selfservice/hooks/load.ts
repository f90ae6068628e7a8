import type { Path } from '../../kernel/config/document.ts'
import type { SourceOptions } from '../../kernel/config/source.ts'
import type { Finding } from '../../kernel/config/validate.ts'
import { isTree } from '../../kernel/config/walk.ts'
import { loadBodySnippet, type RequestWithSnippet, snippetUrl } from '../../kernel/jsonnet/body-snippets.ts'
import type { IdentityConfig } from '../../kernel/project-config.ts'
import type { Hook } from '../hooks.config.ts'
import { methods } from '../methods/index.ts'

type Selfservice = IdentityConfig['selfservice']

/**
 * Loads the Jsonnet of all web hooks, and of the requests of methods. Call it for every configuration before it is used; a configuration with findings
 * must be rejected.
 */
export async function loadHooks(selfservice: Selfservice, options: SourceOptions): Promise<Finding[]> {
  const findings: Finding[] = findUnverifiable(selfservice)
  // One after the other, because the queue of evaluations is limited and the number of hooks is not.
  for (const { path, request } of requestsOf(selfservice)) {
    const problems = await loadBodySnippet(request, options)
    findings.push(...problems.map(({ key, ...problem }) => ({ path: [...path, key], ...problem })))
  }
  return findings
}

/** Where changes wait for verifications that are switched off. */
function findUnverifiable({ flows: { settings, verification } }: Selfservice): Finding[] {
  const hooks: readonly Hook[] = settings.after.profile?.hooks ?? []
  const index = hooks.findIndex(({ hook }) => hook === 'verify_new_address')
  if (index < 0 || verification.enabled) return []
  const path = ['selfservice', 'flows', 'settings', 'after', 'profile', 'hooks', index, 'hook']
  return [{ path, expected: 'selfservice.flows.verification.enabled to be true', found: '"verify_new_address"' }]
}

/** The URLs of this Jsonnet. */
export function hookBodyUrls(selfservice: Selfservice): string[] {
  return requestsOf(selfservice).flatMap(({ request: { body } }) => (body === undefined ? [] : [snippetUrl(body)]))
}

/** A configured request, with the path of its keys. */
interface ConfiguredRequest {
  path: Path
  request: RequestWithSnippet
}

function requestsOf(selfservice: Selfservice): ConfiguredRequest[] {
  const ofMethods = methods.flatMap(({ name, requests }) =>
    (requests?.(selfservice.methods) ?? []).map(({ path, request }) => ({
      path: ['selfservice', 'methods', name, ...path],
      request,
    })),
  )
  return [...webHooksOf(selfservice), ...ofMethods]
}

function webHooksOf({ flows }: Selfservice): ConfiguredRequest[] {
  return Object.entries(flows).flatMap(([name, flow]) =>
    ['before', 'after'].flatMap((when) =>
      webHooksIn((flow as Record<string, unknown>)[when], ['selfservice', 'flows', name, when]),
    ),
  )
}

/** The web hooks of a place in the configuration, and of the methods in it. */
function webHooksIn(place: unknown, path: Path): ConfiguredRequest[] {
  if (!isTree(place)) return []
  const { hooks = [], ...others } = place as { hooks?: readonly Hook[] }
  const own = hooks.flatMap((hook, index) =>
    hook.hook === 'web_hook' ? [{ path: [...path, 'hooks', index, 'config'], request: hook.config }] : [],
  )
  return [...own, ...Object.entries(others).flatMap(([method, of]) => webHooksIn(of, [...path, method]))]
}
