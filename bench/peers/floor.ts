import { InferenceSession, Tensor } from 'onnxruntime-node'

/** The least that a JSON call can do: JSON.parse, a tensor, session.run, JSON.stringify; the body is the protocol's. */
export const openFloor = async (file: Uint8Array): Promise<(body: string) => Promise<string>> => {
  const session = await InferenceSession.create(file, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  })
  return async (body) => {
    const { inputs } = JSON.parse(body)
    const [{ name, shape, data }] = inputs
    const results = await session.run({ [name]: new Tensor('float32', new Float32Array(data), shape) })
    const outputs = Object.entries(results).map(([output, tensor]) => ({
      name: output,
      datatype: 'FP32',
      shape: tensor.dims,
      data: Array.from(tensor.data as Float32Array), // the model's only output is FP32
    }))
    return JSON.stringify({ outputs })
  }
}
