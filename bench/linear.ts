/** How long least squares of 100,000 rows take, beside scikit-learn. */
import { compute } from '../adapters/sessions/compute.ts'
import { linear } from '../src/estimators/linear.ts'
import { fitFully } from '../src/estimators/list.ts'
import { compare } from './learning/compare.ts'
import { madeTable } from './learning/made.ts'
import { openPeer } from './learning/peer.ts'
import { report } from './measure/result.ts'

const rows = 100_000
const columns = 50
const data = madeTable(rows, columns)
const peer = await openPeer('linear', data)

const ours = async () => {
  const beganAtMs = performance.now()
  const { model } = await fitFully(linear, linear.hyper({}), data, compute(1))
  const ms = performance.now() - beganAtMs
  const { values } = linear.margins(model, data.X)
  const loss = data.y.reduce((sum, y, i) => sum + (values[i]! - y) ** 2 / 2, 0) / rows
  return { ms, loss, note: '' }
}

const { figure, note } = await compare({
  question: `least squares, ${rows} rows x ${columns}`,
  peerName: 'LinearRegression',
  atMost: 0.6,
  ours,
  peer,
})
peer?.close()
report('linear', [figure], [note])
