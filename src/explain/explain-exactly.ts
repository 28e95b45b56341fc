import type { Matrix } from '../estimators/estimator.ts'
import { softmaxInPlace } from '../estimators/sigmoid.ts'
import { calibrate } from '../run/blend/calibrator.ts'
import { applyLink } from '../run/blend/link.ts'
import { labelsOf } from './answered.ts'
import type { Asked } from './asked.ts'
import { cellOf } from './columns.ts'
import { explainScore, type Score, type ScoreValues } from './exact-score.ts'
import type { Explainer } from './explainer-file.ts'
import { explainerFeatures, explainerMargins, explainerScore, scoreSpace } from './explainer-score.ts'
import type { CalibrationStep, Explanation, Method, OutputSpace, RowExplanation } from './explanation.ts'
import { graphScore, graphSpace } from './graph-score.ts'
import { partsOf } from './parts.ts'
import { pickFeatures } from './pick-features.ts'

/** A model taken apart: the score of one of its classes, and what comes between it and the answer. */
type Anatomy = {
  readonly space: OutputSpace
  /** Number k of the answer's columns -> its score; two classes with one score have it with either sign. */
  readonly scoreOf: (k: number) => { readonly score: Score; readonly flipped: boolean }
  readonly calibrationOf: (row: number, k: number, prediction: number) => CalibrationStep | undefined
}

/** Explains rows by what their model is made of. */
export const explainExactly = (asked: Asked, method: Exclude<Method, 'permutation'>): Explanation => {
  const { request, columns, background, classes, answers } = asked
  const anatomy = anatomyOf(asked)
  const by = method === 'tree-path-dependent' ? ('cover' as const) : ('background' as const)
  const rows = new Array<RowExplanation>(answers.rows)
  let coverRows = 0
  // Each row by the score of its own class alone.
  for (const k of new Set(classes)) {
    const own = Uint32Array.from(classes.keys().filter((row) => classes[row] === k))
    const { score, flipped } = anatomy.scoreOf(k)
    const question = {
      ...{ rows: own.length, columns: columns.length, weights: background.weights, by },
      interactions: request.interactions === true,
    } as const
    const values = explainScore(own.length === answers.rows ? score : ofRows(score, own), question)
    const explained = flipped ? flip(values, anatomy.space) : values
    own.forEach((row, at) => {
      rows[row] = rowExplanation(asked, anatomy, explained, row, at)
    })
    if (by === 'cover') coverRows = coverOf(score)
  }
  return {
    method,
    output: anatomy.space,
    background: by === 'cover' ? { kind: 'cover', rows: coverRows } : { kind: background.kind, rows: background.rows },
    columns: by === 'cover' ? 'sum' : 'column',
    rows,
    modelRows: answers.rows,
  }
}

const ofRows = ({ base, parts }: Score, rows: Uint32Array): Score => ({
  base,
  parts: parts.map((part) => ({ ...part, X: pickFeatures(part.X, rows) })),
})

const anatomyOf = ({ model, inputs, background, columns, answers }: Asked): Anatomy => {
  const { explainer, trees } = model
  const space = explainer && scoreSpace(explainer)
  if (explainer !== undefined && space !== undefined) {
    const featuresOf = explainerFeatures(inputs, background.tensors)
    const margins = explainerMargins(explainer, featuresOf)
    return {
      space,
      scoreOf: (k) => ({
        score: explainerScore(explainer, explainer.link === 'softmax' ? k : 0, columns, featuresOf),
        // A margin is the log odds of class number 1.
        flipped: explainer.link === 'logit' && k === 0,
      }),
      calibrationOf: calibrationSteps(explainer, space, margins),
    }
  }
  // explainRows takes a model apart that has one of both.
  const own = trees!
  return {
    space: graphSpace(own),
    scoreOf: (k) => ({
      score: graphScore(own, own.pair || answers.columns === 1 ? 0 : k, inputs, background.tensors, columns),
      flipped: own.pair && k === 0,
    }),
    calibrationOf: () => undefined,
  }
}

/** What the calibrator does to each row's margin, or probability where there are more than two classes. */
const calibrationSteps = (explainer: Explainer, space: OutputSpace, margins: Matrix): Anatomy['calibrationOf'] => {
  const { calibrator, link } = explainer
  const calibrated = calibrator ? calibrate(calibrator, margins) : margins
  if (space === 'probability' || (calibrator !== undefined && link === 'softmax')) {
    const answers = applyLink(link, calibrated)
    const before = probabilities(margins)
    return (row, k, prediction) => {
      const from = space === 'probability' ? prediction : before[row * margins.columns + k]!
      const to = answers.values[row * answers.columns + k]!
      // Shares of a forest, clipped: without a calibrator that is all that may happen to them.
      if (calibrator === undefined && Math.abs(from - to) < clipTolerance) return undefined
      return { kind: calibrator?.kind ?? 'clip', output: 'probability', before: from, after: to }
    }
  }
  if (calibrator === undefined) return () => undefined
  return (row, k, prediction) => {
    const after = calibrated.values[row]!
    return { kind: calibrator.kind, output: 'margin', before: prediction, after: k === 0 ? -after : after }
  }
}

const clipTolerance = 1e-9

const probabilities = ({ rows, columns, values }: Matrix): Float64Array => {
  const own = values.slice()
  for (let row = 0; row < rows; row++) softmaxInPlace(own.subarray(row * columns, (row + 1) * columns))
  return own
}

/** Of the other of two classes: the margin's sign, or one less the probability. */
const flip = (values: ScoreValues, space: OutputSpace): ScoreValues => {
  const whole = space === 'probability' ? 1 : 0
  const negative = (numbers: Float64Array): Float64Array => numbers.map((value) => -value)
  return {
    base: whole - values.base,
    predictions: values.predictions.map((value) => whole - value),
    values: negative(values.values),
    features: values.features.map((own) => ({ ...own, values: negative(own.values) })),
    ...(values.pairs && { pairs: negative(values.pairs) }),
  }
}

/** `at`: the row's place among those of its class. */
const rowExplanation = (
  asked: Asked,
  anatomy: Anatomy,
  explained: ScoreValues,
  row: number,
  at: number,
): RowExplanation => {
  const { inputs, columns, answers, answered, classes } = asked
  const k = classes[row]!
  const count = columns.length
  const values = explained.values.subarray(at * count, (at + 1) * count)
  const prediction = explained.predictions[at]!
  const label = labelsOf(answered.classes, answers.columns)?.[k]
  const calibration = anatomy.calibrationOf(row, k, prediction)
  const { base, pairs } = explained
  return {
    ...(label !== undefined && { class: label }),
    baseValue: base,
    prediction,
    answer: answers.values[row * answers.columns + k]!,
    contributions: columns.map((column, place) => ({
      name: column.name,
      value: cellOf(column, inputs, row),
      contribution: values[place]!,
      ...partsOf(explained, column, place, inputs, { row, at }),
    })),
    additivityError: Math.abs(values.reduce((sum, value) => sum + value, base) - prediction),
    ...(pairs && {
      interactions: Array.from({ length: count }, (_, i) =>
        Array.from(pairs.subarray((at * count + i) * count, (at * count + i + 1) * count)),
      ),
    }),
    ...(calibration && { calibration }),
  }
}

/** Train rows that the first tree counted. */
const coverOf = ({ parts }: Score): number => {
  const [part] = parts
  const cover = part?.kind === 'trees' ? part.trees[0]?.cover : undefined
  return cover?.leaves.reduce((sum, rows) => sum + rows, 0) ?? 0
}
