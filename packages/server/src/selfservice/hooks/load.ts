import type { Path } from '../../kernel/config/document.ts'
import type { SourceOptions } from '../../kernel/config/source.ts'
import type { Finding } from '../../kernel/config/validate.ts'
import { isTree } from '../../kernel/config/walk.ts'
import { loadBodySnippet, snippetUrl } from '../../kernel/jsonnet/body-snippets.ts'
import type { IdentityConfig } from '../../kernel/project-config.ts'
import type { Hook, WebHookConfig } from '../config.ts'

type Selfservice = IdentityConfig['selfservice']

/**
 * Loads the Jsonnet of all web hooks. Call it for every configuration before it is used; a configuration with findings
 * must be rejected.
 */
export async function loadHooks(selfservice: Selfservice, options: SourceOptions): Promise<Finding[]> {
  const findings: Finding[] = []
  // One after the other, because the queue of evaluations is limited and the number of hooks is not.
  for (const { path, config } of webHooksOf(selfservice)) {
    const problems = await loadBodySnippet(config, options)
    findings.push(...problems.map(({ key, ...problem }) => ({ path: [...path, key], ...problem })))
  }
  return findings
}

/** The URLs of the Jsonnet of web hooks. */
export function hookBodyUrls(selfservice: Selfservice): string[] {
  return webHooksOf(selfservice).flatMap(({ config: { body } }) => (body === undefined ? [] : [snippetUrl(body)]))
}

interface ConfiguredWebHook {
  /** The path of its `config`. */
  path: Path
  config: WebHookConfig
}

function webHooksOf({ flows }: Selfservice): ConfiguredWebHook[] {
  return Object.entries(flows).flatMap(([name, flow]) =>
    ['before', 'after'].flatMap((when) =>
      webHooksIn((flow as Record<string, unknown>)[when], ['selfservice', 'flows', name, when]),
    ),
  )
}

/** The web hooks of a place in the configuration, and of the methods in it. */
function webHooksIn(place: unknown, path: Path): ConfiguredWebHook[] {
  if (!isTree(place)) return []
  const { hooks = [], ...others } = place as { hooks?: readonly Hook[] }
  const own = hooks.flatMap((hook, index) =>
    hook.hook === 'web_hook' ? [{ path: [...path, 'hooks', index, 'config'], config: hook.config }] : [],
  )
  return [...own, ...Object.entries(others).flatMap(([method, of]) => webHooksIn(of, [...path, method]))]
}
