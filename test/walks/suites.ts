/** Random walks that were recorded from a reference server, and what they have reached here. */
export interface WalkSuite {
  /** Name of the recording under golden/expected/walks. */
  name: string
  /** Name of the script under golden/walks. */
  walk: 'identity' | 'admin' | 'oauth2'
  /** Name of the configuration under golden/config. */
  config: string
  /** The least number of steps alike before a walk's first difference, and of walks without one. Only ever raised. */
  least: { steps: number; walks: number }
}

export const walkSuites: readonly WalkSuite[] = [
  { name: 'identity-core', walk: 'identity', config: 'identity-core', least: { steps: 5990, walks: 188 } },
  { name: 'identity-factors', walk: 'identity', config: 'identity-factors', least: { steps: 3010, walks: 95 } },
  { name: 'identity-admin', walk: 'admin', config: 'identity-core', least: { steps: 6226, walks: 249 } },
]
