/** How long logistic and softmax regression take, beside scikit-learn (lbfgs). */
import { compute } from '../adapters/sessions/compute.ts'
import { fitFully } from '../src/estimators/list.ts'
import { logistic } from '../src/estimators/logistic.ts'
import { logLoss } from '../src/estimators/losses/log-loss.ts'
import { softmaxLoss } from '../src/estimators/losses/softmax-loss.ts'
import { compare } from './learning/compare.ts'
import { madeTable } from './learning/made.ts'
import { openPeer } from './learning/peer.ts'
import { report } from './measure/result.ts'

const questions = [
  { what: 'logistic regression', rows: 100_000, columns: 50, classes: 2 },
  { what: 'logistic regression', rows: 1_000, columns: 30, classes: 2 },
  { what: 'softmax regression', rows: 30_000, columns: 50, classes: 5 },
]

const figures = []
const notes = []
for (const { what, rows, columns, classes } of questions) {
  const data = madeTable(rows, columns, classes)
  const peer = await openPeer('logistic', data)
  const ours = async () => {
    const beganAtMs = performance.now()
    const { model, state } = await fitFully(logistic, logistic.hyper({}), data, compute(1))
    const ms = performance.now() - beganAtMs
    const { values, columns: outputs } = logistic.margins(model, data.X)
    const lossOf = (y: number, i: number): number =>
      outputs === 1 ? logLoss.value(values[i]!, y) : softmaxLoss(values.slice(i * outputs, (i + 1) * outputs), y)
    return {
      ms,
      loss: data.y.reduce((sum, y, i) => sum + lossOf(y, i), 0) / rows,
      note: `${state.iteration} iterations`,
    }
  }
  const question = `${what}, ${rows} rows x ${columns}${classes > 2 ? `, ${classes} classes` : ''}`
  const { figure, note } = await compare({ question, peerName: 'LogisticRegression', atMost: 2, ours, peer })
  peer?.close()
  figures.push(figure)
  notes.push(note)
}
report('logistic', figures, notes)
