import { BlockList, isIP } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { areInside, parseRange } from '../../../src/access/ip-range.ts'

test.for([
  '10.0.0.0/8',
  '203.0.113.7',
  '0.0.0.0/0',
  '::/0',
  '2001:db8::/32',
  '::1',
  '1:2:3:4:5:6:7:8/128',
  '64:ff9b::192.0.2.0/120',
  '::ffff:10.0.0.0/104',
])('%s -> a range', (text) => expect(parseRange(text)).toBeDefined())

test.for([
  ...[
    '',
    '10.0.0.0/33',
    '10.0.0.1/8',
    '10.0.0/8',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
  ],
  ...[
    '::/129',
    '2001:db8::1/32',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    'fe80::1%eth0',
    '12345::',
    ':1',
    '::ffff:10.0.0.0/8',
  ],
  ...['1:2:3:4:5:6:7::8', '*', 'localhost', '::1.2.3'],
])('%s -> none', (text) => expect(parseRange(text)).toBeUndefined())

const v4 = fc.ipV4()
const v6 = fc.ipV6()

test('any address and range -> inside where node:net says so', () => {
  const property = fc.property(fc.oneof(v4, v6), fc.oneof(v4, v6), fc.nat(128), (address, base, bits) => {
    const family = isIP(base) === 4 ? 'ipv4' : 'ipv6'
    const prefix = Math.min(bits, family === 'ipv4' ? 32 : 128)
    const list = new BlockList()
    list.addSubnet(base, prefix, family)
    const range = `${base}/${prefix}`
    // Bits behind the prefix are refused: only ranges that are written as they are.
    fc.pre(parseRange(range) !== undefined)
    const same = isIP(address) === isIP(base)
    // node:net has every IPv4 address in ::/0; a key's ranges name both families or mean one.
    expect(areInside([address], [range])).toBe(same && list.check(address, family))
  })
  fc.assert(property, { numRuns: 300 })
})

test('addresses near a range -> inside where node:net says so', () => {
  const property = fc.property(
    fc.nat(0xffff_ffff),
    fc.integer({ min: 0, max: 32 }),
    fc.nat(40),
    (value, prefix, flip) => {
      const first = prefix === 0 ? 0 : Number((BigInt(value) >> BigInt(32 - prefix)) << BigInt(32 - prefix))
      const text = (n: number): string => [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join('.')
      const address = text(flip < 32 ? (value ^ (2 ** flip)) >>> 0 : value)
      const list = new BlockList()
      list.addSubnet(text(first), prefix, 'ipv4')
      expect(areInside([address], [`${text(first)}/${prefix}`])).toBe(list.check(address, 'ipv4'))
      expect(areInside([`::ffff:${address}`], [`${text(first)}/${prefix}`])).toBe(list.check(address, 'ipv4'))
    },
  )
  fc.assert(property)
})
