/** What the hooks that are no web hooks ask the flow to do. */
const effects = {
  session: 'begin session',
  revoke_active_sessions: 'revoke other sessions',
  require_verified_address: 'require verified address',
  verification: 'send verification',
  show_verification_ui: 'show verification',
} as const

export type HookEffect = (typeof effects)[keyof typeof effects]

/** What a hook asks for; undefined for web hooks. */
export function effectOf(hook: string): HookEffect | undefined {
  return effects[hook as keyof typeof effects]
}
