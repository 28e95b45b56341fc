import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { expect, test } from 'vitest'
import { withFp32Edges } from '../../../src/onnx/bfloat16-edges.ts'
import { createGraph } from '../../../src/onnx/graph.ts'
import { inspectOnnx } from '../../../src/onnx/inspect.ts'
import { ModelProtoSchema } from '../../../src/onnx/proto/generated/onnx_pb.js'
import { sourceOf } from '../../../src/onnx/wire.ts'
import { bfloat16Identity, bfloat16Product } from '../../fixtures/bfloat16-models.ts'

const rewritten = (bytes: Uint8Array): Uint8Array =>
  Buffer.concat(
    withFp32Edges(sourceOf(bytes)).map((piece) =>
      piece instanceof Uint8Array ? piece : bytes.subarray(piece.from, piece.to),
    ),
  )

const decoded = (bytes: Uint8Array) => fromBinary(ModelProtoSchema, bytes).graph!

const wires = (bytes: Uint8Array) =>
  decoded(bytes).node.map(({ opType, input, output }) => `${output} = ${opType} ${input}`)

test('BF16 at both edges -> FP32 there, casts before and behind nodes that stay as they are', () => {
  const bytes = rewritten(bfloat16Identity)
  expect(wires(bytes)).toEqual(['x = Cast x/percall-fp32-input', 'y = Identity x', 'y/percall-fp32-output = Cast y'])
  expect(inspectOnnx(bytes).signature).toEqual({
    inputs: [{ name: 'x/percall-fp32-input', datatype: 'FP32', shape: [-1] }],
    outputs: [{ name: 'y/percall-fp32-output', datatype: 'FP32', shape: [-1] }],
  })
  expect(inspectOnnx(bfloat16Identity).signature).toEqual({
    inputs: [{ name: 'x', datatype: 'BF16', shape: [-1] }],
    outputs: [{ name: 'y', datatype: 'BF16', shape: [-1] }],
  })
})

test('weights -> the same bytes, not read', () => {
  const large = createGraph('large')
  const x = large.input('x', 'BF16', [-1])
  const weights = large.constant('FP32', [250_000], new Float32Array(250_000).fill(0.5))
  large.node('Identity', [x], { output: 'y' })
  large.node('Identity', [weights], { output: 'w' })
  large.output('y', 'BF16', [-1])
  large.output('w', 'FP32', [250_000])
  const bytes = large.toBytes()
  let readBytes = 0
  const read = (offset: number, length: number) => {
    readBytes += length
    return bytes.subarray(offset, offset + length)
  }
  withFp32Edges({ sizeBytes: bytes.length, read })
  expect(readBytes).toBeLessThan(400_000)
  const [kept] = decoded(rewritten(bytes)).initializer
  expect(Buffer.compare(kept!.rawData, decoded(bytes).initializer[0]!.rawData)).toBe(0)
})

test('no BF16 at the edges -> the same bytes', () => {
  const graph = createGraph('plain')
  graph.node('Identity', [graph.input('x', 'FP32', [-1])], { output: 'y' })
  graph.output('y', 'FP32', [-1])
  expect(Buffer.from(rewritten(graph.toBytes()))).toEqual(Buffer.from(graph.toBytes()))
})

type Change = (graph: NonNullable<MessageInitShape<typeof ModelProtoSchema>['graph']>) => object

const changed = (change: Change): Uint8Array => {
  const model = fromBinary(ModelProtoSchema, bfloat16Product)
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, { ...model, graph: { ...model.graph!, ...change(model.graph!) } }),
  )
}

test('weights that are listed as inputs, as before IR 4 -> stay BF16', () => {
  const { initializer, input } = decoded(bfloat16Product)
  const bytes = rewritten(changed(() => ({ input: [...input, { ...input[0]!, name: initializer[0]!.name }] })))
  expect(decoded(bytes).input.map(({ name }) => name)).toEqual(['x/percall-fp32-input', initializer[0]!.name])
})

test('a graph in two parts, as protobuf allows -> as the whole', () => {
  const { node, output, ...rest } = decoded(bfloat16Identity)
  const { opsetImport, irVersion } = fromBinary(ModelProtoSchema, bfloat16Identity)
  const partOf = (graph: object) => toBinary(ModelProtoSchema, create(ModelProtoSchema, { graph }))
  const head = toBinary(ModelProtoSchema, create(ModelProtoSchema, { opsetImport, irVersion }))
  const { $typeName: _, ...first } = rest
  const bytes = Buffer.concat([head, partOf(first), partOf({ node, output })])
  expect(wires(rewritten(bytes))).toEqual(wires(rewritten(bfloat16Identity)))
})

test('another value that has the name of an edge -> refused by name', () => {
  const { output } = decoded(bfloat16Product)
  const bytes = changed(() => ({ output: [...output, { ...output[0]!, name: 'y/percall-fp32-output' }] }))
  expect(() => rewritten(bytes)).toThrow(/output y: expected no value called y\/percall-fp32-output, got one/)
})
