import type { PredictionBody } from '../client/bodies.ts'
import { classificationMetrics } from '../src/metrics/classification.ts'
import { regressionMetrics } from '../src/metrics/regression.ts'
import type { Label } from '../src/registry/manifest.ts'
import { Failure } from './failure.ts'

export type Metrics = Readonly<Record<string, number>>

type Labelled = Extract<PredictionBody, { readonly label: unknown }>

const isLabelled = (prediction: PredictionBody | undefined): prediction is Labelled =>
  typeof prediction === 'object' &&
  prediction !== null &&
  'label' in prediction &&
  // A pushed classifier answers a plain array: nothing tells which class each place stands for.
  !Array.isArray(prediction.probabilities)

/** NaN for what is no number. */
const numberOf = (prediction: PredictionBody): number => {
  if (typeof prediction === 'number') return prediction
  const hasInterval = typeof prediction === 'object' && prediction !== null && 'interval' in prediction
  return hasInterval ? (prediction.prediction ?? Number.NaN) : Number.NaN
}

/** True answers, and where in the file each of them stands. */
type Truth = { readonly cells: readonly string[]; readonly target: string; readonly rowNumbers: readonly number[] }

const badCell = ({ target, rowNumbers }: Truth, at: number, expected: string, got: string, hint: string): Failure =>
  new Failure('BAD_CELL', `row ${rowNumbers[at] ?? at + 1}, column ${target}: expected ${expected}, got ${got}`, hint)

const numbersOf = (truth: Truth): Float64Array =>
  Float64Array.from(truth.cells, (text, at) => {
    const value = Number(text)
    if (Number.isFinite(value)) return value
    const hint = 'the model answers numbers, so its target column holds numbers'
    throw badCell(truth, at, 'a number', text, hint)
  })

const classNumbers = (truth: Truth, classes: readonly string[]): Float64Array =>
  Float64Array.from(truth.cells, (text, at) => {
    const place = classes.indexOf(text)
    if (place >= 0) return place
    const hint = 'a class that the model was not trained on cannot be judged: leave these rows out'
    throw badCell(truth, at, classes.join(', '), text, hint)
  })

/** The classes that a model answers; undefined where it answers numbers. Throws NO_ANSWER for anything else. */
export const answeredClasses = ([first]: readonly PredictionBody[]): readonly string[] | undefined => {
  if (isLabelled(first)) return Object.keys(first.probabilities)
  if (typeof first === 'object' && first !== null && !('interval' in first))
    throw new Failure(
      'NO_ANSWER',
      `prediction 0: expected a number or a label with probabilities by class, got ${JSON.stringify(first)}`,
      'percall predict NAME FILE.csv shows the answers as they are',
    )
  return undefined
}

/**
 * Metrics of a model's answers. cells [n] of the target column, predictions [n]; `positive` is the class of the binary
 * metrics, the last one by default; rowNumbers [n] are in the file, in turn by default. Throws BAD_CELL, NO_ANSWER.
 */
export const judge = (
  cells: readonly string[],
  predictions: readonly PredictionBody[],
  target: string,
  {
    positive,
    rowNumbers = [],
  }: { readonly positive?: Label | undefined; readonly rowNumbers?: readonly number[] } = {},
): Metrics => {
  const truth = { cells, target, rowNumbers }
  const classes = answeredClasses(predictions)
  if (classes === undefined)
    return finite(regressionMetrics(numbersOf(truth), Float64Array.from(predictions, numberOf)))
  const labelled = predictions.filter(isLabelled)
  const values = labelled.flatMap(({ probabilities }) => classes.map((label) => probabilities[label] ?? Number.NaN))
  const matrix = { rows: labelled.length, columns: classes.length, values: Float64Array.from(values) }
  const labels = Float64Array.from(labelled, ({ label }) => classes.indexOf(String(label)))
  const at = positive === undefined ? -1 : classes.indexOf(String(positive))
  const metrics = classificationMetrics(classNumbers(truth, classes), matrix, labels, at < 0 ? undefined : at)
  return finite(metrics)
}

/** A metric that is not defined for these rows is not shown. */
const finite = (metrics: Metrics): Metrics =>
  Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isFinite(value)))
