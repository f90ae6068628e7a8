import type { Turn } from '../identity/index.ts'
import type { Call } from '../kernel/http/index.ts'
import { clientNetworks } from './networks.ts'

/** How the password of a request waits to be hashed: on behalf of its network, unless that is a shared one. */
export function hashingTurn(call: Call, { kind }: Pick<Turn, 'kind'> = {}): Turn {
  const [network] = clientNetworks(call.ip, call.hidesClient)
  return {
    signal: call.signal,
    ...(kind && { kind }),
    ...(network && !network.isShared && { client: network.network }),
  }
}
