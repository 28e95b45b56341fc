import { logLosses } from '../../metrics/classification.ts'
import { weightedMean } from '../../metrics/measure.ts'
import { createRandom } from '../../random.ts'
import { selectMatrix, selectValues } from '../select-rows.ts'
import { type Calibrator, calibrate } from './calibrator.ts'
import { type CalibrationData, type CalibratorKind, fitCalibrator } from './fit-calibrator.ts'
import { applyLink } from './link.ts'

/** From this many rows of the rarer class on a curve is learned, below it one or two numbers. */
const rowsForCurve = 1000
/** A curve for each class of many would be larger than most models. */
const mostCurves = 50
const crossFits = 5

export type CalibratorChoice = {
  readonly calibrator?: Calibrator
  /** Cross-fitted, on the same rows. */
  readonly logLoss: { readonly before: number; readonly after?: number }
}

/** Of one class any sharper margin is better: a fit would run to certainty. */
const isOneClass = ({ y }: CalibrationData): boolean => y.every((own) => own === y[0])

/**
 * One calibrator for blended out-of-fold margins, kept only if the cross-fitted log-loss improves by more than a standard
 * error of the difference; `required` (class weights shift every probability) keeps the best one whatever it says.
 */
export const chooseCalibrator = (data: CalibrationData, seed: number, required = false): CalibratorChoice => {
  const plain = rowLosses(data)
  const before = weightedMean(plain, data.weights)
  if (isOneClass(data)) return { logLoss: { before } }
  const parts = partsOf(data.y.length, seed)
  const tried = kindsFor(data).flatMap((kind) => {
    const calibrator = fitCalibrator(kind, data)
    const losses = calibrator && crossFitted(kind, data, parts)
    return calibrator && losses ? [{ calibrator, losses, after: weightedMean(losses, data.weights) }] : []
  })
  const [best] = tried.sort((a, b) => a.after - b.after)
  if (best === undefined) return { logLoss: { before } }
  const { calibrator, losses, after } = best
  const gains = plain.map((loss, i) => loss - losses[i]!)
  const kept = required || before - after > standardError(gains, data.weights)
  return { ...(kept && { calibrator }), logLoss: { before, after } }
}

const kindsFor = ({ y, margins }: CalibrationData): readonly CalibratorKind[] => {
  const classes = margins.columns === 1 ? 2 : margins.columns
  const counts = new Float64Array(classes)
  for (const own of y) counts[own]! += 1
  if (Math.min(...counts) >= rowsForCurve && classes <= mostCurves) return ['isotonic']
  return classes === 2 ? ['temperature', 'platt'] : ['temperature']
}

const rowLosses = ({ margins, y, link }: CalibrationData): Float64Array => logLosses(y, applyLink(link, margins))

/** A part number for each row. */
const partsOf = (rows: number, seed: number): Uint8Array => {
  const random = createRandom(seed)
  return new Uint8Array(rows).map(() => Math.floor(random() * crossFits))
}

/** Each row's loss under a calibrator of the other parts; undefined where one of them gives none. */
const crossFitted = (kind: CalibratorKind, data: CalibrationData, parts: Uint8Array): Float64Array | undefined => {
  const losses = new Float64Array(data.y.length)
  for (let part = 0; part < crossFits; part++) {
    const rows = (own: boolean) => Uint32Array.from(parts.keys().filter((row) => (parts[row] === part) === own))
    const held = rows(true)
    const calibrator = fitCalibrator(kind, selectData(data, rows(false)))
    if (calibrator === undefined) return undefined
    const own = selectData(data, held)
    const heldLosses = rowLosses({ ...own, margins: calibrate(calibrator, own.margins) })
    held.forEach((row, i) => {
      losses[row] = heldLosses[i]!
    })
  }
  return losses
}

const selectData = ({ margins, y, weights, link }: CalibrationData, rows: Uint32Array): CalibrationData => ({
  margins: selectMatrix(margins, rows),
  y: selectValues(y, rows),
  weights: selectValues(weights, rows),
  link,
})

/** Of a weighted mean: sqrt(sum w^2 (v - mean)^2) / sum w. */
const standardError = (values: Float64Array, weights: Float64Array): number => {
  const mean = weightedMean(values, weights)
  const squares = values.reduce((sum, value, i) => sum + (weights[i]! * (value - mean)) ** 2, 0)
  return Math.sqrt(squares) / weights.reduce((sum, w) => sum + w, 0)
}
