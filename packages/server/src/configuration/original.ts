import type { TSchema } from 'typebox'
import type { LoadOptions, Notice } from '../kernel/config/index.ts'
import type { Part } from '../kernel/config/part.ts'
import type { Tree } from '../kernel/config/walk.ts'
import type { ProjectConfig } from '../kernel/project-config.ts'
import type { InstallationConfig } from './installation.ts'

/** An original: an Ory server that Latchkey replaces, with its configuration file. */
export interface Original {
  readonly name: string
  /** The display name of its configuration file. */
  readonly title: string
  readonly schema: TSchema
  /** Its name in a project file: `services.NAME.config`. */
  readonly service: string
  /** What the public URL of a project implies for its keys. */
  impliedBy?(baseUrl: string): Tree
  /** @throws ConfigError */
  load(part: Part): Promise<LoadedOriginal>
}

/** The configuration of one original, divided into its parts. */
export interface LoadedOriginal {
  /** From the file or `DSN`. */
  readonly dsn?: string | undefined
  readonly config: Partial<ProjectConfig>
  /** Its listeners and other settings specific to it. */
  readonly installation: Partial<InstallationConfig>
  /** Settings of the process; if there are several originals, those of the first apply. */
  readonly process: Pick<InstallationConfig, 'log' | 'tracing' | 'outgoing'>
  /** Files to watch; directories end with a slash. */
  readonly files: readonly string[]
  readonly notices: readonly Notice[]
}

export type { LoadOptions, Part }
