import type { MetricName } from '../../metrics/metric.ts'
import { isTabular, type Manifest } from '../../registry/manifest.ts'
import type { Answers } from '../answers.ts'
import { mayHaveSeen } from '../held-out.ts'
import { type Prepared, testPart, trainRows } from '../prepared.ts'
import type { RunSpec } from '../spec.ts'
import { enoughTestRows, type GateVerdict, gate } from './gate.ts'

/** gate.json */
export type Judgement = Pick<GateVerdict, 'verdict' | 'reason'> & Partial<GateVerdict>

/** The live version's answers on the test rows, or why there are none to compare with. */
export type Live =
  | { readonly kind: 'none' }
  | { readonly kind: 'predictions'; readonly predictions: Answers }
  | { readonly kind: 'not comparable'; readonly reason: string }

/** What of a spec decides how its model is judged. */
export type JudgedSpec = Pick<RunSpec, 'plan' | 'gate' | 'seed'> & {
  readonly metric?: MetricName
  readonly quantile?: number
}

/** Why answers of the live version cannot be compared with the candidate's; undefined when they can. */
export const incomparable = (
  spec: Pick<RunSpec, 'target' | 'plan' | 'split'>,
  version: string,
  manifest: Manifest | undefined,
  prepared?: Prepared,
): string | undefined => {
  if (manifest === undefined) return `${version} was pushed without a manifest`
  if (!isTabular(manifest)) return `${version} is an ${manifest.task} model`
  if (manifest.target.name !== spec.target.name) return `${version} predicts ${manifest.target.name}`
  if (manifest.task !== spec.plan.task) return `${version} is a ${manifest.task} model`
  const classes = JSON.stringify(manifest.classes ?? null)
  if (classes !== JSON.stringify(spec.plan.classes)) return `${version} has the classes ${classes}`
  const seen = mayHaveSeen(version, manifest.heldOut, spec.split)
  return seen ?? seenBy(version, manifest.trainedUntil, prepared && testPart(prepared).times)
}

/** Under a time split every test row must be later than all that the live version learned from. */
const seenBy = (version: string, until: number | undefined, times: Float64Array | undefined): string | undefined => {
  if (times === undefined || times.length === 0) return undefined
  if (until === undefined) return `${version} does not say up to what time its rows went, as a time split needs`
  const first = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY)
  if (first > until) return undefined
  return `${version} was trained on rows up to ${dateText(until)}, and the test rows begin on ${dateText(first)}`
}

const dateText = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')

/** Whether a first version is judged on out-of-fold answers, because the test rows do not suffice. */
export const needsOutOfFold = (spec: JudgedSpec, prepared: Prepared, live: Live): boolean =>
  spec.gate !== 'none' && live.kind === 'none' && !enoughTestRows(spec.plan.task, testPart(prepared).y)

/** What the candidate answers on the rows of judgedRows, and on all train rows by fits that have not seen them. */
export type CandidateAnswers = {
  readonly judged: Answers
  /** Needed where needsOutOfFold says so. */
  readonly outOfFold?: OutOfFold
}

/** Answers beside y of the same rows: all train rows, or the held ones where only one fold was fitted. */
export type OutOfFold = Answers & { readonly truth: Float64Array; readonly weights?: Float64Array }

/**
 * The verdict on a candidate. Without enough test rows a first version is judged on out-of-fold answers of the train
 * rows; a later one is rejected, for its comparison would be noise.
 */
export const judge = (spec: JudgedSpec, prepared: Prepared, candidate: CandidateAnswers, live: Live): Judgement => {
  const train = trainRows(prepared)
  const test = testPart(prepared)
  const { plan, metric, quantile, seed } = spec
  const common = {
    rule: spec.gate,
    plan,
    train: withWeights({ y: train.y }, train.weights),
    seed,
    ...(metric && { metric }),
    ...(quantile !== undefined && { quantile }),
  }
  const onTest = {
    ...common,
    ...withWeights({ truth: test.y }, test.weights),
    candidate: candidate.judged,
    rows: 'test',
  } as const
  if (spec.gate === 'none') {
    if (test.y.length > 0) return gate(onTest)
    return gate({ ...onTest, ...withWeights({ truth: train.y }, train.weights), rows: 'training' })
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
  if (enoughTestRows(plan.task, test.y)) return gate(onTest)
  const { outOfFold } = candidate
  if (outOfFold === undefined)
    return {
      verdict: 'rejected',
      reason: 'too few test rows, and no out-of-fold predictions of the train rows to judge',
    }
  const { truth, weights, ...answers } = outOfFold
  const [only] = truth
  if (plan.classes !== null && truth.every((k) => k === only))
    return {
      verdict: 'rejected',
      reason: `too few test rows, and ${only === undefined ? 'no out-of-fold rows' : `all ${truth.length} out-of-fold rows are of class ${plan.classes[only]}: the other classes' train rows lie in one fold`}; add rows, or name split stratified`,
    }
  return gate({ ...common, ...withWeights({ truth }, weights), candidate: answers, rows: 'out-of-fold' })
}

const withWeights = <Rows extends object>(rows: Rows, weights: Float64Array | undefined) => ({
  ...rows,
  ...(weights && { weights }),
})
