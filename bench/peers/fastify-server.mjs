// A fastify server with ONNX Runtime and nothing else: no keys, no checks of the tensors, no metering.
// `node fastify-server.mjs FILE` prints its URL.
import { readFileSync } from 'node:fs'
import fastify from 'fastify'
import { InferenceSession, Tensor } from 'onnxruntime-node'

const session = await InferenceSession.create(readFileSync(process.argv[2]), {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
})

const server = fastify()

server.post('/', async ({ body }) => {
  const [{ shape, data }] = body.inputs
  const { y } = await session.run({ x: new Tensor('float32', new Float32Array(data), shape) })
  return { outputs: [{ name: 'y', datatype: 'FP32', shape: y.dims, data: Array.from(y.data) }] }
})

console.log(await server.listen({ port: 0, host: '127.0.0.1' }))
