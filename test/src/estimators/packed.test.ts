import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packFloat32, packFloat64, unpackFloat32, unpackFloat64 } from '../../../src/estimators/packed.ts'

test('any numbers -> Node’s base64 of their bytes, and back to the same bits', () => {
  fc.assert(
    fc.property(fc.float64Array(), fc.float32Array(), (wide, narrow) => {
      expect(packFloat64(wide)).toBe(Buffer.from(wide.buffer).toString('base64'))
      expect(packFloat32(narrow)).toBe(Buffer.from(narrow.buffer).toString('base64'))
      expect(Object.is(unpackFloat64(packFloat64(wide))[0], wide[0])).toBe(true)
      expect(unpackFloat64(packFloat64(wide))).toStrictEqual(wide)
      expect(unpackFloat32(packFloat32(narrow))).toStrictEqual(narrow)
    }),
  )
})
