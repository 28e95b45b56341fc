// The least that a new process can do: read the file, create the session, run, answer. `node bare-session.mjs FILE`
import { readFileSync } from 'node:fs'
import { InferenceSession, Tensor } from 'onnxruntime-node'

const session = await InferenceSession.create(readFileSync(process.argv[2]), {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
})
const { y } = await session.run({ x: new Tensor('float32', new Float32Array(30).fill(0.5), [1, 30]) })
process.stdout.write(`${JSON.stringify(Array.from(y.data))}\n`)
