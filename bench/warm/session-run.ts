import { InferenceSession, Tensor } from 'onnxruntime-node'
import { sessionOptions } from '../../adapters/sessions/session-options.ts'

/** session.run alone, of a model FP32 `x` -> `y`: the tensor is there, the result is not read. */
export const openSessionRun = async (file: Uint8Array, x: Float32Array, shape: readonly number[]) => {
  const session = await InferenceSession.create(file, sessionOptions('onnx', 1))
  const feeds = { x: new Tensor('float32', x, shape) }
  return async (): Promise<void> => void (await session.run(feeds, ['y']))
}
