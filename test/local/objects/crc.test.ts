import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startChecksum } from '../../../local/objects/checksums.ts'
import { joinedCrc } from '../../../local/objects/crc.ts'

const names = ['crc32', 'crc32c', 'crc64nvme'] as const
const sumOf = (name: (typeof names)[number], ...chunks: Uint8Array[]) => {
  const sum = startChecksum(name)
  for (const chunk of chunks) sum.update(chunk)
  return sum.digest()
}

// Check values of https://reveng.sourceforge.io/crc-catalogue/all.htm
test.for([
  { name: 'crc32', check: 'cbf43926' },
  { name: 'crc32c', check: 'e3069283' },
  { name: 'crc64nvme', check: 'ae8b14860a799888' },
] as const)('$name of 123456789 -> $check', ({ name, check }) => {
  expect(sumOf(name, Buffer.from('123456789')).toString('hex')).toBe(check)
})

test.for(names)(
  '%s of any bytes, however they are cut -> one sum; joined from the sums of two parts -> the same',
  (name) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, at) => {
        const [first, second] = [bytes.subarray(0, at), bytes.subarray(at)]
        const whole = sumOf(name, bytes).toString('base64')
        expect(sumOf(name, first, second).toString('base64')).toBe(whole)
        const part = (own: Uint8Array) => ({ sum: sumOf(name, own).toString('base64'), sizeBytes: own.length })
        expect(joinedCrc(name, [part(first), part(second)])).toBe(whole)
      }),
    )
  },
)
