/** How long path-dependent contributions of trees take, beside xgboost's of the same trees. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { interventionalValues } from '../src/explain/interventional.ts'
import { pathDependentValues } from '../src/explain/path-dependent.ts'
import { explainTree, type XgboostTree } from '../test/src/explain/xgboost.ts'
import { figureOf } from './measure/figure.ts'
import { alternate, once } from './measure/pairs.ts'
import { report } from './measure/result.ts'
import { openPython } from './peers/python.ts'
import { madeTable, writeTable } from './trees/table.ts'

const rows = 1000
const columns = 50
const learned = 20_000
const pairs = 7
const backgroundRows = 50
const interventionalRows = 100

const folder = mkdtempSync(join(tmpdir(), 'percall-explain-'))
try {
  const table = madeTable(learned, columns, 'regression')
  writeTable(folder, table)
  const peer = await openPython('contributions.py', folder, String(columns), String(rows))
  if (peer === undefined)
    report('explain-trees', [], ['No figures: xgboost is not installed, bench/peers/contributions.py says how.'])
  else {
    // As the script writes them.
    const trees = (JSON.parse(readFileSync(join(folder, 'trees.json'), 'utf8')) as XgboostTree[]).map(explainTree)
    const X = { rows, columns, values: table.values.subarray(0, rows * columns) }
    const theirs = new Float32Array(new Uint8Array(readFileSync(join(folder, 'contributions.f32'))).buffer)
    const largest = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    const phi = pathDependentValues(trees, X)
    let off = 0
    for (let row = 0; row < rows; row++)
      for (let j = 0; j < columns; j++)
        off = Math.max(off, Math.abs(phi[row * columns + j]! - theirs[row * (columns + 1) + j]!))
    const timed = (work: () => unknown): number => {
      const beganAtMs = performance.now()
      work()
      return performance.now() - beganAtMs
    }
    const taken = await alternate(
      pairs,
      async () => timed(() => pathDependentValues(trees, X)),
      async () => Number((await peer.ask('again'))[0]),
    )
    const background = {
      X: {
        rows: backgroundRows,
        columns,
        values: table.values.subarray(rows * columns, (rows + backgroundRows) * columns),
      },
      weights: new Float64Array(backgroundRows).fill(1 / backgroundRows),
    }
    const few = { rows: interventionalRows, columns, values: X.values.subarray(0, interventionalRows * columns) }
    const players = { columns, columnOf: Int32Array.from({ length: columns }, (_, f) => f) }
    const interventional = Array.from({ length: pairs }, () =>
      once(timed(() => interventionalValues(trees, few, background, players))),
    )
    peer.close()
    report(
      'explain-trees',
      [
        figureOf({
          question: `contributions of ${rows} rows, 100 trees x 31 leaves, path-dependent`,
          unit: 'ms',
          samples: taken.ours.map(once),
          peer: { name: `xgboost ${peer.version} pred_contribs, one thread`, samples: taken.peers.map(once) },
          // As many rows a second as 0.9 of its own.
          targets: [{ of: 'ratio', atMost: 1 / 0.9 }],
        }),
        figureOf({
          question: `contributions of ${interventionalRows} rows on ${backgroundRows} background rows, 100 trees x 31 leaves, interventional`,
          unit: 'ms',
          samples: interventional,
        }),
      ],
      [`The same trees; the largest difference is ${(off / largest).toExponential(1)} of the largest contribution.`],
    )
  }
} finally {
  rmSync(folder, { recursive: true })
}
