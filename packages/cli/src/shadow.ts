import type { Command } from 'commander'
import { UsageError } from './exit.ts'
import type { Files } from './settings.ts'

export interface ShadowOptions {
  shadow?: string
  shadowAdmin?: string
}

export function addShadow(command: Command): Command {
  return command
    .option(
      '--shadow <url>',
      'with --kratos: the public URL of a Kratos that gets the same reads, to compare responses',
    )
    .option('--shadow-admin <url>', 'the admin URL of that Kratos')
}

/** @throws UsageError */
export function shadowTargets({ shadow, shadowAdmin, kratos }: ShadowOptions & { kratos?: Files }) {
  if (shadow === undefined && shadowAdmin === undefined) return undefined
  if (!kratos) throw new UsageError('--shadow needs --kratos: only servers with the same listeners can be compared.')
  for (const url of [shadow, shadowAdmin]) {
    if (url !== undefined && !/^https?:\/\/[^/?#]+\/?$/.test(url))
      throw new UsageError(`--shadow and --shadow-admin are URLs such as https://kratos.example.org, not ${url}.`)
  }
  return { public: shadow, admin: shadowAdmin }
}
