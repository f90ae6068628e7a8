/** Random walks that were recorded on a reference server, and the required agreement. */
export interface WalkSuite {
  /** Name of the recording in golden/expected/walks. */
  name: string
  /** Name of the script in golden/walks. */
  walk: 'identity' | 'admin' | 'oauth2'
  /** Name of the configuration in golden/config. */
  config: string
  /** The service that the configuration belongs to; Kratos by default. */
  original?: 'hydra'
  /** Why the suite is not required yet; it is played where it is asked for by its name. */
  later?: string
  /**
   * The minimum number of equal steps before the first difference of each walk, and of walks without a difference. Only
   * ever raised.
   */
  least: { steps: number; walks: number }
}

export const walkSuites: readonly WalkSuite[] = [
  { name: 'identity', walk: 'identity', config: 'identity', least: { steps: 4870, walks: 152 } },
  { name: 'identity-core', walk: 'identity', config: 'identity-core', least: { steps: 6090, walks: 193 } },
  { name: 'identity-factors', walk: 'identity', config: 'identity-factors', least: { steps: 3028, walks: 96 } },
  { name: 'identity-admin', walk: 'admin', config: 'identity-core', least: { steps: 6240, walks: 249 } },
  { name: 'identity-link', walk: 'identity', config: 'identity-link', least: { steps: 1856, walks: 59 } },
  { name: 'identity-strict', walk: 'identity', config: 'identity-strict', least: { steps: 1827, walks: 58 } },
  {
    name: 'oauth2',
    walk: 'oauth2',
    config: 'oauth2',
    original: 'hydra',
    least: { steps: 19120, walks: 393 },
  },
]
