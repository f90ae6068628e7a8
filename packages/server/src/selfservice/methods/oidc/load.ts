import { readSource, SourceError, type SourceOptions } from '../../../kernel/config/source.ts'
import type { Finding } from '../../../kernel/config/validate.ts'
import type { Context } from '../../../kernel/context.ts'
import { JsonnetError, parseJsonnet } from '../../../kernel/jsonnet/index.ts'
import type { MethodConfigs } from '../../method-configs.ts'
import type { ProviderConfig } from './config.ts'
import { providerOf } from './providers/index.ts'

type OidcConfig = MethodConfigs['oidc']

/** The name of a claims mapper in error messages: its URL can be as long as the mapper. */
export const mapperName = 'mapper_url'

/** As in Kratos. */
const refreshIntervalMs = 3_600_000

interface LoadedMapper {
  readonly text: string
  /** When it was read, or first used. */
  readonly at: number | undefined
}

const mappers = new WeakMap<ProviderConfig, LoadedMapper>()

/**
 * Checks the providers and loads their claims mappers. Call it for every configuration before it is used; a
 * configuration with findings must be rejected.
 */
export async function loadOidc({ enabled, config }: OidcConfig, options: SourceOptions): Promise<Finding[]> {
  if (!enabled) return []
  const findings: Finding[] = []
  const ids = new Set<string>()
  // One after the other, because the queue of evaluations is limited and the number of providers is not.
  for (const [index, provider] of config.providers.entries()) {
    const path = ['selfservice', 'methods', 'oidc', 'config', 'providers', index]
    const expected = ids.has(provider.id) ? 'an id that no other provider has' : providerOf(provider).check?.(provider)
    if (expected)
      findings.push({ path: [...path, ids.has(provider.id) ? 'id' : 'provider'], expected, found: provider.id })
    ids.add(provider.id)
    await loadMapper(provider, options).then(
      (text) => mappers.set(provider, { text, at: undefined }),
      (error: unknown) => {
        findings.push({ path: [...path, mapperName], expected: 'a Jsonnet snippet', found: reasonOf(error) })
      },
    )
  }
  return findings
}

/** The URLs that the providers reference. */
export function oidcMapperUrls({ enabled, config }: OidcConfig): string[] {
  return enabled ? config.providers.map(({ mapper_url: url }) => url) : []
}

/**
 * The claims mapper of a provider, as loaded by `loadOidc`. A remote one is read again every hour in the background; if
 * it cannot be read or parsed, it remains as it is.
 */
export function mapperOf(ctx: Context, provider: ProviderConfig): string {
  const loaded = mappers.get(provider)
  if (!loaded) throw new Error('the provider was used before its claims mapper was loaded')
  const now = ctx.clock.monotonic()
  const isOld = loaded.at !== undefined && now - loaded.at >= refreshIntervalMs
  if (loaded.at === undefined || isOld) mappers.set(provider, { ...loaded, at: now })
  if (isOld && /^https?:/.test(provider.mapper_url)) void refresh(ctx, provider, now)
  return loaded.text
}

async function refresh(ctx: Context, provider: ProviderConfig, at: number): Promise<void> {
  try {
    mappers.set(provider, { text: await loadMapper(provider, { folder: undefined, fetch: ctx.fetch }), at })
  } catch (error) {
    ctx.log.warn({ err: error, provider: provider.id }, 'the claims mapper cannot be read again')
  }
}

async function loadMapper({ mapper_url: url }: ProviderConfig, options: SourceOptions): Promise<string> {
  const text = await readSource(url, options)
  await parseJsonnet({ name: mapperName, text })
  return text
}

function reasonOf(error: unknown): string {
  if (!(error instanceof SourceError || error instanceof JsonnetError)) throw error
  return error.message
}
