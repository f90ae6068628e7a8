import { expect, test } from 'vitest'
import { clientNetworks } from './networks.ts'

test.each([
  ['8.8.8.8', ['8.8.8.8']],
  ['::ffff:8.8.8.8', ['8.8.8.8']],
  ['2600:1f18:1:2:3:4:5:6', ['2600:1f18:1:2::/64', '2600:1f18:1::/48 shared']],
  // 6to4, NAT64, and Teredo contain an IPv4 address.
  ['2002:0808:0808::1', ['8.8.8.8']],
  ['64:ff9b::808:808', ['8.8.8.8']],
  ['2001:0:4136:e378:8000:63bf:f7f7:f7f7', ['8.8.8.8']],
  // Behind these are clients that are unknown.
  ['127.0.0.1', ['127.0.0.1 shared']],
  ['10.1.2.3', ['10.1.2.3 shared']],
  ['100.64.0.1', ['100.64.0.1 shared']],
  ['2002:0a01:0203::1', ['10.1.2.3 shared']],
  ['::1', ['::/64 shared']],
  ['fe80::1', ['fe80::/64 shared']],
  ['', ['unknown shared']],
])('%s is counted as %s', (address, expected) => {
  const networks = clientNetworks(address)
  expect(networks.map(({ network, isShared }) => network + (isShared ? ' shared' : ''))).toEqual(expected)
})

test('the address of a proxy is shared by all its clients', () => {
  expect(clientNetworks('8.8.8.8', true)).toEqual([{ network: '8.8.8.8', isShared: true }])
})
