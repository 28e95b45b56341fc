import { expect, test } from 'vitest'
import { halvesOf } from '../../../../src/onnx/optimise/half-precision.ts'

// Float16Array of the runtime is the reference: ECMAScript 2025, Math.f16round.
const { Float16Array } = globalThis as unknown as {
  Float16Array: new (values: ArrayLike<number> | ArrayBuffer) => ArrayLike<number> & { readonly buffer: ArrayBuffer }
}

test('every binary16, its neighbours and the points between -> the nearest, ties to even', () => {
  const exact = new Uint16Array(65_536).map((_, bits) => bits)
  const numbers = Array.from(new Float16Array(exact.buffer))
    .filter(Number.isFinite)
    .sort((a, b) => a - b)
  const between = numbers.slice(1).map((value, i) => (value + numbers[i]!) / 2)
  const near = between.flatMap((value) => [value * (1 + 2 ** -20), value * (1 - 2 ** -20)])
  const all = Float32Array.from([...numbers, ...between, ...near, 65_519, 65_520, 1e9, -1e9, 1e-12, Number.NaN])
  const expected = new Uint16Array(new Float16Array(all).buffer)
  const found = halvesOf(all)
  const isNan = (bits: number): boolean => (bits & 0x7fff) > 0x7c00
  expect(found.findIndex((bits, i) => bits !== expected[i] && !(isNan(bits) && isNan(expected[i]!)))).toBe(-1)
})
