import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PercallError } from '../../../src/errors.ts'
import { inspectOnnx, inspectOnnxSource } from '../../../src/onnx/inspect.ts'
import { hugeConstantModel, loopModel, modelOf, outerModel, type TensorInit, zerosModel } from './hostile.ts'

const weight = (fields: TensorInit): TensorInit => ({ name: 'w', dataType: 1, dims: [1n], ...fields })
const inside = weight({ floatData: [1] })

const valid = [loopModel(), zerosModel(), outerModel(), hugeConstantModel(), modelOf({ initializer: [inside] })]

test('a valid file with bytes changed, cut out or added -> facts, or one of the two refusals', () => {
  const change = fc.record({
    file: fc.constantFrom(...valid),
    edits: fc.array(
      fc.record({
        at: fc.nat(2000),
        byte: fc.integer({ min: 0, max: 255 }),
        how: fc.constantFrom('set', 'cut', 'add'),
      }),
      { minLength: 1, maxLength: 8 },
    ),
    end: fc.option(fc.nat(2000)),
  })
  fc.assert(
    fc.property(change, ({ file, edits, end }) => {
      const bytes = [...file]
      for (const { at, byte, how } of edits) {
        const index = at % bytes.length
        if (how === 'set') bytes[index] = byte
        else bytes.splice(index, how === 'cut' ? 1 : 0, ...(how === 'add' ? [byte] : []))
      }
      const mutated = Uint8Array.from(end === null ? bytes : bytes.slice(0, end))
      try {
        inspectOnnx(mutated)
      } catch (thrown) {
        if (!(thrown instanceof PercallError)) throw thrown
        expect(['NOT_ONNX', 'UNSUPPORTED_ONNX']).toContain(thrown.code)
      }
    }),
    { numRuns: process.env.PERCALL_LONG ? 100_000 : 1500 },
  )
})

test('a file of 1 GB -> inspected by reading less than 1 MB of it', () => {
  const elements = 2n ** 28n
  const gigabyte = 2 ** 30
  const small = modelOf({ initializer: [weight({ dims: [elements], rawData: new Uint8Array(0) })] })
  // The same file, with raw_data (field 9) of its only initializer as long as its sizes say: lengths around it grow too.
  const at = small.findIndex((byte, i) => byte === 9 * 8 + 2 && small[i + 1] === 0)
  const varint = (value: number): number[] =>
    value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]
  const tensorFrom = [...small.keys()].findLast((i) => i < at && small[i] === 5 * 8 + 2 && small[i + 2] === 8)!
  const tensorLength = small[tensorFrom + 1]!
  const raw = [9 * 8 + 2, ...varint(gigabyte)]
  const tensorHead = [...small.subarray(tensorFrom + 2, at), ...raw]
  const tensorTail = small.subarray(at + 2, tensorFrom + 2 + tensorLength)
  const head = [...varint(tensorHead.length + gigabyte + tensorTail.length), ...tensorHead]
  const graphAt = small.indexOf(7 * 8 + 2)
  const graphFrom = graphAt + (small[graphAt + 1]! < 128 ? 2 : 3)
  const before = small.subarray(graphFrom, tensorFrom + 1)
  const after = [...tensorTail, ...small.subarray(tensorFrom + 2 + tensorLength)]
  const graphRest = small.length - (tensorFrom + 2 + tensorLength)
  expect(graphRest).toBeGreaterThanOrEqual(0)
  const inner = before.length + head.length + gigabyte + after.length
  const start = Uint8Array.from([...small.subarray(0, graphAt + 1), ...varint(inner), ...before, ...head])
  const sizeBytes = start.length + gigabyte + after.length
  let readBytes = 0
  const read = (offset: number, length: number): Uint8Array => {
    readBytes += length
    return Uint8Array.from({ length }, (_, i) => {
      const position = offset + i
      if (position < start.length) return start[position]!
      return position < start.length + gigabyte ? 0 : after[position - start.length - gigabyte]!
    })
  }
  const facts = inspectOnnxSource({ sizeBytes, read })
  expect(facts).toMatchObject({ initializerBytes: gigabyte, sizeBytes, signature: { inputs: [{ name: 'x' }] } })
  expect(readBytes).toBeLessThan(2 ** 20)
})
