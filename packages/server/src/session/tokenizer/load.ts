import { type SigningKey, SigningKeyError, signingKeyFrom } from '../../jwk/index.ts'
import type { IdentityConfig } from '../../kernel/config/index.ts'
import { readSource, SourceError, type SourceOptions } from '../../kernel/config/source.ts'
import type { Finding } from '../../kernel/config/validate.ts'
import type { Context } from '../../kernel/context.ts'
import { JsonnetError, parseJsonnet } from '../../kernel/jsonnet/index.ts'
import { isRemote, refreshHourly } from '../../kernel/refresh-hourly.ts'

type Tokenizer = NonNullable<IdentityConfig['session']['whoami']['tokenizer']>
export type TokenTemplate = NonNullable<Tokenizer['templates']>[string]

/** What a template references. */
export interface TemplateSources {
  readonly key: SigningKey
  /** The Jsonnet of the claims mapper. */
  readonly mapper: string | undefined
}

/** The name of a claims mapper in error messages: its URL can be as long as the mapper. */
export const mapperName = 'claims_mapper_url'

const loaded = new WeakMap<TokenTemplate, TemplateSources>()

/**
 * Loads the keys and claims mappers of the token templates. Call it for every configuration before it is used; a
 * configuration with findings must be rejected.
 */
export async function loadTokenizer(tokenizer: Tokenizer | undefined, options: SourceOptions): Promise<Finding[]> {
  const findings: Finding[] = []
  // One after the other, because the queue of evaluations is limited and the number of templates is not.
  for (const [name, template] of Object.entries(tokenizer?.templates ?? {})) {
    const path = ['session', 'whoami', 'tokenizer', 'templates', name]
    const report = (key: string, expected: string) => (error: unknown) => {
      findings.push({ path: [...path, key], expected, found: reasonOf(error) })
      return undefined
    }
    const key = await loadKey(template, options).catch(
      report('jwks_url', 'a key set with a private key and its algorithm'),
    )
    const mapper = await loadMapper(template, options).catch(report('claims_mapper_url', 'a Jsonnet snippet'))
    if (key) loaded.set(template, { key, mapper })
  }
  return findings
}

/**
 * The sources of a template, as loaded by `loadTokenizer`. Remote ones are read again every hour in the background;
 * those that cannot be read or used remain as they are.
 */
export function templateSources(ctx: Context, template: TokenTemplate): TemplateSources {
  const sources = loaded.get(template)
  if (!sources) throw new Error('the token template was used before its key was loaded')
  refreshHourly(ctx, template, () => refresh(ctx, template, sources))
  return sources
}

async function refresh(ctx: Context, template: TokenTemplate, { key, mapper }: TemplateSources): Promise<void> {
  const options = { folder: undefined, fetch: ctx.fetch }
  loaded.set(template, {
    key: isRemote(template.jwks_url) ? await loadKey(template, options) : key,
    mapper: isRemote(template.claims_mapper_url) ? await loadMapper(template, options) : mapper,
  })
}

/** The URLs that the templates reference. */
export function tokenizerUrls(tokenizer: Tokenizer | undefined): string[] {
  const templates = Object.values(tokenizer?.templates ?? {})
  return templates.flatMap(({ jwks_url: keys, claims_mapper_url: mapper }) => (mapper ? [keys, mapper] : [keys]))
}

async function loadKey({ jwks_url: url }: TokenTemplate, options: SourceOptions): Promise<SigningKey> {
  return signingKeyFrom(await readSource(url, options))
}

async function loadMapper({ claims_mapper_url: url }: TokenTemplate, options: SourceOptions) {
  if (!url) return undefined
  const text = await readSource(url, options)
  await parseJsonnet({ name: mapperName, text })
  return text
}

function reasonOf(error: unknown): string {
  const isExpected = error instanceof SourceError || error instanceof SigningKeyError || error instanceof JsonnetError
  if (!isExpected) throw error
  return error.message
}
