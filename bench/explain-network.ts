/** What permutation SHAP of a net takes beside the net's own runs on the same masked rows. */
import { InferenceSession } from 'onnxruntime-node'
import { feedsOf, fetchesOf } from '../adapters/sessions/onnx-tensor.ts'
import { sessionOptions } from '../adapters/sessions/session-options.ts'
import { columnsToTensors } from '../src/dataset/codec.ts'
import { explainRows } from '../src/explain/explain-rows.ts'
import { makeExplainer } from '../src/explain/explainer-file.ts'
import type { RunRows } from '../src/explain/explanation.ts'
import { inspectOnnx } from '../src/onnx/inspect.ts'
import { createRandom } from '../src/random.ts'
import type { Tensor } from '../src/tensor/tensor.ts'
import { byName, trainOn } from '../test/fixtures/learning.ts'
import { figureOf } from './measure/figure.ts'
import { alternate, once } from './measure/pairs.ts'
import { report } from './measure/result.ts'

const columns = 20
const learned = 2000
const explained = 5
const pairs = 7
const hidden = [128, 64]

const random = createRandom(columns)
const names = Array.from({ length: columns }, (_, j) => `x${j}`)
const cells = names.map(() => Array.from({ length: learned }, () => (random() * 2 - 1).toFixed(6)))
const y = Array.from({ length: learned }, (_, row) =>
  cells.reduce((sum, column, j) => sum + (j % 3) * Math.sin(3 * Number(column[row])), random()).toFixed(6),
)
const { bytes, manifest, fitted } = await trainOn(
  { names: [...names, 'y'], columns: [...cells, y] },
  { target: 'y', algorithm: 'mlp', hyper: { hidden, iterations: 5 } },
)
const rows = columnsToTensors(manifest.codec, byName({ names, columns: cells }))
const explainer = makeExplainer(fitted.codec, fitted.trained, { tensors: rows }, [], 1)
const session = await InferenceSession.create(bytes, sessionOptions('onnx', 1))

const asked: (readonly Tensor[])[] = []
const runRows: RunRows = async (inputs, outputs) => {
  const { names: fetched, read } = fetchesOf(session, outputs)
  return read(await session.run(feedsOf(inputs), fetched))
}
const keeping: RunRows = (inputs, outputs) => {
  asked.push(inputs)
  return runRows(inputs, outputs)
}

const inputs = rows.map((tensor) => ({
  ...tensor,
  shape: [explained, 1],
  data: (tensor.data as Float32Array).subarray(0, explained),
}))
const model = { signature: inspectOnnx(bytes).signature, manifest, explainer }
const explanation = await explainRows({ runRows: keeping })(model, { inputs })
const feeds = asked.map(feedsOf)

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const beganAtMs = performance.now()
  await work()
  return performance.now() - beganAtMs
}
const taken = await alternate(
  pairs,
  () => timed(() => explainRows({ runRows })(model, { inputs })),
  () =>
    timed(async () => {
      for (const own of feeds) await session.run(own)
    }),
)
await session.release()

const { background, modelRows } = explanation
report(
  'explain-network',
  [
    figureOf({
      question: `permutation SHAP of ${explained} rows, ${columns} columns x ${background.rows} background rows, net ${columns}-${hidden.join('-')}-1`,
      unit: 'ms',
      samples: taken.ours.map(once),
      peer: { name: "the net's own runs", samples: taken.peers.map(once) },
      targets: [{ of: 'ratio', atMost: 1.5 }],
    }),
  ],
  [`${modelRows} rows of the model, those of one explained row in one batch or more.`],
)
