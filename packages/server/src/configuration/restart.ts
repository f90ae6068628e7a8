import type { InstallationConfig } from './installation.ts'

/** Settings that are fixed when a server starts, by what they are called in a file. */
const fixed: Record<string, (settings: InstallationConfig) => unknown> = {
  log: ({ log }) => log,
  tracing: ({ tracing }) => tracing,
  'courier.worker.pull_wait': ({ kratos }) => kratos.courierPollMs,
  'host and port of listeners': ({ kratos, keto }) =>
    [...Object.values(kratos.serve), ...Object.values(keto.serve)].map(({ host, port }) => [host, port]),
  'TLS of a listener switched on or off': ({ kratos, keto }) => [Object.keys(kratos.tls), Object.keys(keto.tls)],
}

/** What a reload changes that takes effect at the next start only. */
export function needsRestart(before: InstallationConfig, after: InstallationConfig): string[] {
  return Object.entries(fixed)
    .filter(([, part]) => JSON.stringify(part(before)) !== JSON.stringify(part(after)))
    .map(([name]) => name)
}
