import type { Compute } from '../estimators/compute.ts'
import type { Matrix } from '../estimators/estimator.ts'
import { isTabular, type Manifest } from '../manifest.ts'
import { fitWhole } from './fit-trial.ts'
import { enoughTestRows, type GateVerdict, gate } from './gate.ts'
import { type Prepared, selectRows, testPart, trainRows } from './prepared.ts'
import { type RunSpec, trialById } from './spec.ts'

/** gate.json */
export type Judgement = Pick<GateVerdict, 'verdict' | 'reason'> & Partial<GateVerdict>

/** The live version's predictions on the test rows, or why there are none to compare with. */
export type Live =
  | { readonly kind: 'none' }
  | { readonly kind: 'predictions'; readonly predictions: Matrix }
  | { readonly kind: 'not comparable'; readonly reason: string }

/** Why predictions of the live version cannot be compared with the candidate's; undefined when they can. */
export const incomparable = (spec: RunSpec, version: string, manifest: Manifest | undefined): string | undefined => {
  if (manifest === undefined) return `${version} was pushed without a manifest`
  if (!isTabular(manifest)) return `${version} is an ${manifest.task} model`
  if (manifest.target.name !== spec.target.name) return `${version} predicts ${manifest.target.name}`
  if (manifest.task !== spec.plan.task) return `${version} is a ${manifest.task} model`
  const classes = JSON.stringify(manifest.classes ?? null)
  return classes === JSON.stringify(spec.plan.classes) ? undefined : `${version} has the classes ${classes}`
}

/**
 * The verdict on a candidate, with `predictions` on the rows of judgedRows. Without enough test rows a first version is
 * judged on out-of-fold predictions of the train rows.
 */
export const judge = async (
  spec: RunSpec,
  trialId: string,
  prepared: Prepared,
  predictions: Matrix,
  live: Live,
  compute: Compute,
): Promise<Judgement> => {
  const train = trainRows(prepared)
  const test = testPart(prepared)
  const { task, classes } = spec.plan
  const common = { rule: spec.gate, task, trainTruth: train.y, seed: spec.seed, ...(classes && { classes }) }
  const onTest = { ...common, truth: test.y, candidate: predictions, rows: 'test' } as const
  if (spec.gate === 'none') {
    return test.y.length > 0 ? gate(onTest) : gate({ ...onTest, truth: train.y, rows: 'training' })
  }
  if (live.kind === 'not comparable')
    return {
      verdict: 'rejected',
      reason: `not comparable with the live version: ${live.reason}; name gate none to promote`,
    }
  if (live.kind === 'predictions') {
    if (test.y.length > 0) return gate({ ...onTest, live: live.predictions })
    return {
      verdict: 'rejected',
      reason:
        'too few test rows to compare with the live version: expected at least 50, got none; name split random, or gate none to promote without a comparison',
    }
  }
  if (enoughTestRows(task, test.y)) return gate(onTest)
  return gate({
    ...common,
    truth: train.y,
    candidate: await outOfFold(spec, trialId, train, compute),
    rows: 'out-of-fold',
  })
}

/** Each row's prediction by a fit on the other folds. */
const outOfFold = async (spec: RunSpec, trialId: string, train: Prepared, compute: Compute): Promise<Matrix> => {
  const trial = trialById(spec, trialId)
  const columns = spec.plan.classes?.length ?? 1
  const values = new Float64Array(train.y.length * columns)
  for (const fold of new Set(train.folds)) {
    const held = train.folds.keys().filter((row) => train.folds[row] === fold)
    const rest = selectRows(train, (row) => train.folds[row] !== fold)
    const predict = await fitWhole(spec, trial, rest, compute)
    const predicted = predict(selectRows(train, (row) => train.folds[row] === fold))
    for (const [at, row] of [...held].entries())
      values.set(predicted.values.subarray(at * columns, (at + 1) * columns), row * columns)
  }
  return { rows: train.y.length, columns, values }
}
