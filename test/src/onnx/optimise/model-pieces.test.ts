import { create, createRegistry, equals, fromBinary, toBinary } from '@bufbuild/protobuf'
import { expect, test } from 'vitest'
import { modelPieces } from '../../../../src/onnx/optimise/model-pieces.ts'
import { rewrite, rewriteNames } from '../../../../src/onnx/optimise/rewrite.ts'
import { type ModelProto, ModelProtoSchema } from '../../../../src/onnx/proto/generated/onnx_pb.js'
import { netGraph } from './graphs.ts'

/** A file with what a rewrite does not look at: weights of every kind, words, metadata, and a field that nobody knows. */
const motley = (): Uint8Array => {
  const initializer = [
    { name: 'raw', dims: [300n], dataType: 1, rawData: new Uint8Array(1200).fill(3), docString: 'behind the bytes' },
    { name: 'floats', dims: [2n], dataType: 1, floatData: [1, 2] },
    { name: 'none', dims: [0n], dataType: 1, rawData: new Uint8Array() },
    { name: 'texts', dims: [1n], dataType: 8, stringData: [new TextEncoder().encode('a')] },
  ]
  const info = { name: 'x', type: { value: { case: 'tensorType' as const, value: { elemType: 1 } } } }
  const graph = { name: 'g', initializer, input: [info], output: [info], metadataProps: [{ key: 'k', value: 'v' }] }
  const metadataProps = [{ key: 'of', value: 'the model' }]
  const model = create(ModelProtoSchema, { irVersion: 10n, producerName: 'p', graph, metadataProps })
  model.$unknown = [{ no: 900, wireType: 0, data: Uint8Array.of(5) }]
  return toBinary(ModelProtoSchema, model)
}

const isSame = (a: ModelProto, b: typeof a): boolean =>
  equals(ModelProtoSchema, a, b, { unknown: true, registry: createRegistry() })

test.for([
  ['weights of every kind', motley()],
  ['a net', netGraph([30, 64, 1])],
  ['no graph', toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 10n }))],
] as const)('%s -> pieces that are the same model, which stays as it was', ([, bytes]) => {
  const model = fromBinary(ModelProtoSchema, bytes)
  const joined = Buffer.concat(modelPieces(model))
  const [before, again] = [fromBinary(ModelProtoSchema, bytes), fromBinary(ModelProtoSchema, joined)]
  expect(isSame(again, before)).toBe(true)
  expect(joined).toHaveLength(bytes.length)
  expect(isSame(model, before)).toBe(true)
})

test('weights that a rewrite leaves -> the bytes of the file itself, not a copy', () => {
  const bytes = motley()
  const pieces = modelPieces(fromBinary(ModelProtoSchema, bytes))
  const own = pieces.filter((piece) => piece.buffer === bytes.buffer)
  expect(own.map(({ length }) => length)).toEqual([1200])
})

test.for(rewriteNames)('%s of a file that begins at any byte of its buffer -> the same file', (name) => {
  const bytes = netGraph([30, 80, 1])
  const shifted = [0, 1, 2, 3].map((shift) => {
    const buffer = new Uint8Array(bytes.length + shift)
    buffer.set(bytes, shift)
    const result = rewrite(buffer.subarray(shift), name, 7)
    // Passes read the weights where they lie.
    expect(Buffer.compare(buffer.subarray(shift), bytes)).toBe(0)
    return result.kind === 'rewritten' ? Buffer.concat(result.pieces).toString('base64') : result.reason
  })
  expect(new Set(shifted).size).toBe(1)
})
