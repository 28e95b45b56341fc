import { readArtifact } from '../aws/artifacts.ts'
import { sessions } from '../sessions/sessions.ts'
import { threadsFor } from '../sessions/threads.ts'
import { shardPorts } from './batch.ts'
import { withChildren } from './child.ts'
import { artifacts, functionMemoryMb } from './wiring.ts'

const bytesPerMb = 1024 * 1024

// As in predict: a session needs up to about three times its file.
const shareOfMemoryForFiles = 1 / 4

/** What a shard needs that runs the model: this alone loads ONNX Runtime. */
export const shardInferPorts = () => {
  const memoryMb = functionMemoryMb()
  const read = readArtifact(artifacts())
  const inline = sessions({
    readArtifact: read,
    mostBytes: memoryMb * bytesPerMb * shareOfMemoryForFiles,
    threads: threadsFor(memoryMb),
    nowMs: () => performance.now(),
  })
  const { infer } = withChildren(inline, read, memoryMb)
  return { ...shardPorts(), infer }
}
