/** How long an epoch of a net takes, beside scikit-learn's in float32. */
import { compute } from '../adapters/sessions/compute.ts'
import { mlp } from '../src/estimators/mlp/mlp.ts'
import { compare } from './learning/compare.ts'
import { madeTable } from './learning/made.ts'
import { openPeer } from './learning/peer.ts'
import { report } from './measure/result.ts'

const rows = 100_000
const columns = 50
const hidden = [128, 64]
const batchSize = 256

const made = madeTable(rows, columns)
const mean = made.y.reduce((sum, y) => sum + y, 0) / rows
const deviation = Math.sqrt(made.y.reduce((sum, y) => sum + (y - mean) ** 2, 0) / rows)
const data = { ...made, y: made.y.map((y) => (y - mean) / deviation) }
const peer = await openPeer('mlp', data, { hidden_layer_sizes: hidden, batch_size: batchSize })

const fitting = await mlp.open(mlp.hyper({ hidden, batchSize }), data, compute(1))
let state = await fitting.start()

/** The next epoch; both nets go on from where they are. */
const ours = async () => {
  const beganAtMs = performance.now()
  const step = await fitting.step(state, { iterations: 1 })
  const ms = performance.now() - beganAtMs
  state = step.state
  return { ms, loss: step.events[0]!.loss, note: `${state.iteration} epochs` }
}

const { figure, note } = await compare({
  question: `an epoch of a net ${columns}-${hidden.join('-')}-1, ${rows} rows`,
  peerName: 'MLPRegressor, float32',
  atMost: 0.6,
  ours,
  peer,
})
peer?.close()
await fitting.close()
report('mlp', [figure], [note])
