import ipaddr from 'ipaddr.js'
import type { Environment } from '../config/index.ts'

/**
 * The proxies that `TRUSTED_PROXIES` names: addresses and ranges (`10.0.0.0/8`), separated by commas. Only these may
 * say with `X-Forwarded-For` whose address a request comes from. Throws where something else is written.
 */
export function trustedProxies(env: Environment): string[] {
  const named = (env.TRUSTED_PROXIES ?? '').split(',').map((one) => one.trim())
  return named.filter(Boolean).map((one) => {
    if (ipaddr.isValid(one) || ipaddr.isValidCIDR(one)) return one
    throw new Error(`TRUSTED_PROXIES holds "${one}", which is neither an address nor a range such as 10.0.0.0/8.`)
  })
}
