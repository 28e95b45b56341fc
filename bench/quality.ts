/** How good an automatic run of a minute is on rows it has not seen, and each algorithm alone, beside scikit-learn. */
import { countedFigure, type Figure } from './measure/figure.ts'
import { report } from './measure/result.ts'
import { openPercall, type Trained } from './quality/percall.ts'
import { pairedDifference, rowLosses, score } from './quality/score.ts'
import { openTables, type PeerTable, tableNames } from './quality/tables.ts'

const digits = 4
const short = (value: number): string => String(Number(value.toPrecision(digits)))

/** scikit-learn's models of the same kind. */
const kin: Readonly<Record<string, readonly string[]>> = {
  linear: ['linear'],
  logistic: ['logistic'],
  mlp: ['mlp'],
  gbdt: ['gbdt', 'gbdt, stopped early'],
  forest: ['forest'],
}

/** Our answers beside those of the best of some of scikit-learn's models, by its score on the test rows. */
const compare = ({ table }: PeerTable, { answers }: Trained, models = table.models) => {
  const truth = { classes: table.classes, values: table.truth }
  const scored = models.map((model) => ({ ...model, losses: rowLosses(truth, model.answers) }))
  const best = scored.reduce((least, model) =>
    score(truth, model.losses) < score(truth, least.losses) ? model : least,
  )
  const losses = rowLosses(truth, answers)
  const { difference, standardError, steps } = pairedDifference(truth, losses, best.losses)
  return {
    best,
    steps,
    ours: short(score(truth, losses)),
    theirs: `${short(score(truth, best.losses))} (${best.model})`,
    apart: `${short(difference)} +- ${short(standardError)}, ${steps.toFixed(2)} SE`,
  }
}

type Times = { readonly seconds: number; readonly processorSeconds: number }

const timeOf = ({ seconds, processorSeconds }: Times): string =>
  `${seconds.toFixed(1)} (${processorSeconds.toFixed(1)})`

const timesOf = (ours: Times, theirs: Times): string => `${timeOf(ours)} and ${timeOf(theirs)}`

const tables = await openTables()
if (tables === undefined) {
  console.log('quality: there is no Python with scikit-learn here (bench/peers/quality.py), nothing to compare with')
  process.exit(0)
}

const auto: string[][] = []
const alone: string[][] = []
const figures: Figure[] = []
const standing: number[] = []
const { log } = console
// The handlers' own lines are switched off in there, and with them console.log.
const percall = await openPercall()
const asked = process.argv.slice(2)

for (const name of asked.length > 0 ? asked : tableNames) {
  const peer = await tables.make(name)
  const { task, rows, truth, models } = peer.table
  const own = await percall.train(name, peer, 'auto', { budget: '60s' })
  const { ours, theirs, apart, steps } = compare(peer, own)
  standing.push(steps)
  figures.push(
    countedFigure({
      question: `${name}, automatic: loss above the best of scikit-learn's models`,
      unit: 'standard errors',
      value: steps,
      targets: [{ of: 'value', atMost: 2 }],
    }),
  )
  const total = (of: 'seconds' | 'processorSeconds'): number => models.reduce((sum, model) => sum + model[of], 0)
  const times = timesOf(own, { seconds: total('seconds'), processorSeconds: total('processorSeconds') })
  const size = `${task}, ${rows} and ${truth.length}`
  auto.push([name, size, `${ours} (${own.made})`, theirs, apart, `${own.trials} of ${own.families}`, times])
  log(auto.at(-1)!.join(' | '))
  for (const algorithm of [task === 'regression' ? 'linear' : 'logistic', 'mlp', 'gbdt', 'forest']) {
    const one = await percall.train(name, peer, algorithm)
    const alike = models.filter(({ model }) => kin[algorithm]!.includes(model))
    const line = compare(peer, one, alike)
    alone.push([name, algorithm, line.ours, line.theirs, line.apart, timesOf(one, line.best)])
    log(alone.at(-1)!.join(' | '))
  }
}

tables.close()
await percall.close()
console.log = log

report(
  'quality',
  [
    countedFigure({
      question: 'mean over the tables',
      unit: 'standard errors',
      value: standing.reduce((sum, steps) => sum + steps, 0) / standing.length,
      targets: [{ of: 'value', atMost: 1 }],
    }),
    ...figures,
  ],
  [
    `Peers are ${tables.version}'s: linear and ridge or logistic regression, a net, boosted trees with and without early stopping, a forest (bench/peers/quality.py); the best is taken by its score on the test rows, which no choice of ours sees.`,
    'Scores are RMSE or log-loss on the test rows. A difference above 0 means that Percall is worse; its standard error (SE) is of 2,000 paired resamples of the test rows.',
    "Percall's runs have `split none` and, automatic, a budget of 60 s; handlers, state machine and stores are the service's, in one process. Times are seconds from start to end and, in brackets, of processors; scikit-learn's are of all its models on one thread.",
  ],
  [
    {
      columns: [
        'table',
        'task, train and test rows',
        'automatic',
        'best of scikit-learn',
        'difference',
        'trials of families',
        'times, Percall and scikit-learn',
      ],
      rows: auto,
    },
    {
      columns: ['table', 'algorithm alone', 'Percall', 'scikit-learn', 'difference', 'times, Percall and scikit-learn'],
      rows: alone,
    },
  ],
)
