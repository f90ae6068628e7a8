/**
 * The settings of a project, which a new revision of it can change. Each room adds its part by declaration merging.
 * Settings of the server (listeners, log, TLS, clean-up) belong to InstallationConfig.
 */
export interface ProjectConfig {
  /** `services.identity.config`, named as in a Kratos file, with defaults filled in. Durations are milliseconds, sizes bytes. */
  readonly identity: IdentityConfig
}

/** The keys of the identity part. Each room adds its own by declaration merging. */
// biome-ignore lint/suspicious/noEmptyInterface: rooms merge their keys into it
export interface IdentityConfig {}
