import type { FastifyInstance } from 'fastify'
import type { InstallationConfig } from '../configuration/index.ts'
import type { TlsMaterial } from '../kernel/config/tls.ts'
import type { ListenerOptions, Observer } from '../kernel/http/index.ts'

/** Where the originals listen if their files name no host. */
export const everyInterface = '0.0.0.0'

export interface AppListener {
  readonly name: string
  readonly http: FastifyInstance
  readonly host: string
  readonly port: number
  /** Whether everybody who can reach it may change everything. */
  readonly isOpen: boolean
  /** Whether it speaks TLS. */
  readonly isSecure: boolean
  /** Permissions of the socket, where the host is `unix:` and a path. */
  readonly socketMode?: number
  /** Where its host and port are written once it listens, for those who let the system choose the port. */
  readonly addressFile?: string | undefined
  /** Takes the certificate of a new configuration, where it speaks TLS. */
  renew(settings: InstallationConfig): void
  /** From now on every response closes its connection, and streams end, while requests are still accepted. */
  announceClose(): void
}

/** What a listener is made from. */
export interface ListenerPlan extends Omit<AppListener, 'renew' | 'announceClose' | 'isSecure'> {
  /** Whether gRPC is spoken on the same port. */
  readonly grpc: boolean
  /** The certificate that a configuration gives it; none where it speaks plain HTTP. */
  readonly tls: (settings: InstallationConfig) => TlsMaterial | undefined
}

/** Kratos's and Hydra's listeners are told apart by their configuration; Keto's have nothing to say about logs. */
export type ListenerKind = 'public' | 'admin' | 'oauth2-public' | 'oauth2-admin' | 'permission'

/** What the listeners of one server have in common. */
export interface Common extends Pick<ListenerOptions, 'context' | 'trustedProxies' | 'csrf' | 'cors'> {
  observersOf: (kind: ListenerKind) => readonly Observer[]
  /** As of the newest configuration. */
  settings: () => InstallationConfig
}
