// The least that serves a model over HTTP: node:http and ONNX Runtime, no keys, no checks, no metering, no framework.
// `node http-server.mjs FILE` prints its URL.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { InferenceSession, Tensor } from 'onnxruntime-node'

const session = await InferenceSession.create(readFileSync(process.argv[2]), {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
})

const answer = async (text) => {
  const [{ shape, data }] = JSON.parse(text).inputs
  const { y } = await session.run({ x: new Tensor('float32', new Float32Array(data), shape) })
  return JSON.stringify({ outputs: [{ name: 'y', datatype: 'FP32', shape: y.dims, data: Array.from(y.data) }] })
}

const server = createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', async () => {
    response.setHeader('content-type', 'application/json')
    response.end(await answer(Buffer.concat(chunks).toString()))
  })
})

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
