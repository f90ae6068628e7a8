import type { InstallationConfig } from './installation.ts'
import { configuredSecrets } from './secrets.ts'

/** Settings that are fixed at the start, by their key in a file. */
const fixed: Record<string, (settings: InstallationConfig) => unknown> = {
  log: ({ log }) => log,
  tracing: ({ tracing }) => tracing,
  secrets: configuredSecrets,
  'courier.worker.pull_wait': ({ kratos }) => kratos.courierPollMs,
  'host and port of listeners': ({ kratos, hydra, keto }) =>
    [kratos, hydra, keto].flatMap(({ serve }) => [...Object.values(serve)]).map(({ host, port }) => [host, port]),
  'TLS of a listener switched on or off': ({ kratos, hydra, keto }) =>
    [kratos, hydra, keto].map(({ tls }) => Object.keys(tls)),
  'serve.public.tls.request_client_certificates': ({ hydra }) => hydra.tls.public?.requestCert,
}

/** Settings changed by a reload that take effect only at the next start. */
export function needsRestart(before: InstallationConfig, after: InstallationConfig): string[] {
  return Object.entries(fixed)
    .filter(([, part]) => JSON.stringify(part(before)) !== JSON.stringify(part(after)))
    .map(([name]) => name)
}
