import type { Matrix } from '../../estimators/estimator.ts'
import { sigmoid } from '../../estimators/sigmoid.ts'
import { logLosses } from '../../metrics/classification.ts'
import { weightedMean } from '../../metrics/measure.ts'
import { type Calibrator, calibrate, logSoftmax } from './calibrator.ts'
import { type Curve, curveThrough } from './curve.ts'
import { isotonicBlocks } from './isotonic.ts'
import { applyLink, type Link } from './link.ts'

/** What a calibrator is fitted on: margins of rows that the members have not seen; y [n] class numbers. */
export type CalibrationData = {
  readonly margins: Matrix
  readonly y: Float64Array
  readonly weights: Float64Array
  readonly link: Link
}

export type CalibratorKind = Calibrator['kind']

/** Undefined where the data do not say: one class only, a slope that turns the order around, one block. */
export const fitCalibrator = (kind: CalibratorKind, data: CalibrationData): Calibrator | undefined => {
  switch (kind) {
    case 'temperature':
      return temperature(data)
    case 'platt':
      return platt(data)
    case 'isotonic':
      return isotonic(data)
  }
}

/** A temperature between e^-4 and e^4. */
const widestLog = 4
/** The bracket of the search ends at 8 x 0.618^40, 4e-8. */
const searchSteps = 40

/** The scale of least log-loss, by golden section: the loss is convex in it. */
const temperature = ({ margins, y, weights, link }: CalibrationData): Calibrator => {
  const loss = (log: number): number => {
    const scaled = calibrate({ kind: 'temperature', scale: Math.exp(log) }, margins)
    return weightedMean(logLosses(y, applyLink(link, scaled)), weights)
  }
  const golden = (Math.sqrt(5) - 1) / 2
  let low = -widestLog
  let high = widestLog
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)]
  let [atLeft, atRight] = [loss(left), loss(right)]
  for (let k = 0; k < searchSteps; k++) {
    if (atLeft <= atRight) {
      ;[high, right, atRight] = [right, left, atLeft]
      left = high - golden * (high - low)
      atLeft = loss(left)
    } else {
      ;[low, left, atLeft] = [left, right, atRight]
      right = low + golden * (high - low)
      atRight = loss(right)
    }
  }
  return { kind: 'temperature', scale: Math.exp((low + high) / 2) }
}

const mostNewtonSteps = 50
const leastStep = 1e-10
/** So that saturated rows leave the Hessian invertible. */
const leastCurvature = 1e-12
const singular = 1e-12

/** Logistic regression of the outcome on the margin by Newton, with Platt's targets (n + 1) / (n + 2) and 1 / (n + 2). */
const platt = ({ margins, y, weights }: CalibrationData): Calibrator | undefined => {
  const m = margins.values
  let positives = 0
  let others = 0
  y.forEach((own, i) => {
    if (own === 1) positives += weights[i]!
    else others += weights[i]!
  })
  if (positives === 0 || others === 0) return undefined
  const target = y.map((own) => (own === 1 ? (positives + 1) / (positives + 2) : 1 / (others + 2)))
  let at: Line = { slope: 1, offset: 0 }
  let loss = lineLoss(at, m, target, weights)
  for (let step = 0; step < mostNewtonSteps; step++) {
    const direction = newtonStep(at, m, target, weights)
    if (direction === undefined) return undefined
    let share = 1
    let next = along(at, direction, share)
    // Half as far until it descends: a whole step overshoots where the curve is flat.
    while (lineLoss(next, m, target, weights) > loss && share > leastStep) {
      share /= 2
      next = along(at, direction, share)
    }
    loss = lineLoss(next, m, target, weights)
    const moved = Math.abs(next.slope - at.slope) + Math.abs(next.offset - at.offset)
    at = next
    if (moved < leastStep) break
  }
  return at.slope > 0 ? { kind: 'platt', ...at } : undefined
}

type Line = { readonly slope: number; readonly offset: number }

const along = (at: Line, direction: Line, share: number): Line => ({
  slope: at.slope - share * direction.slope,
  offset: at.offset - share * direction.offset,
})

/** sum w (log(1 + e^z) - t z), z = slope m + offset */
const lineLoss = ({ slope, offset }: Line, m: Float64Array, target: Float64Array, weights: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < m.length; i++) {
    const z = slope * m[i]! + offset
    sum += weights[i]! * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - target[i]! * z)
  }
  return sum
}

/** H^-1 g; undefined where all margins are one. */
const newtonStep = (
  { slope, offset }: Line,
  m: Float64Array,
  target: Float64Array,
  weights: Float64Array,
): Line | undefined => {
  let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0]
  for (let i = 0; i < m.length; i++) {
    const p = sigmoid(slope * m[i]! + offset)
    const residual = weights[i]! * (p - target[i]!)
    const curvature = weights[i]! * Math.max(p * (1 - p), leastCurvature)
    g0 += residual * m[i]!
    g1 += residual
    h00 += curvature * m[i]! * m[i]!
    h01 += curvature * m[i]!
    h11 += curvature
  }
  const determinant = h00 * h11 - h01 * h01
  if (!(determinant > singular * h00 * h11)) return undefined
  return { slope: (h11 * g0 - h01 * g1) / determinant, offset: (h00 * g1 - h01 * g0) / determinant }
}

const logit = (p: number): number => Math.log(p / (1 - p))

/** Two classes: one curve. K classes: each against the rest, normalised by the softmax (Zadrozny & Elkan 2002). */
const isotonic = ({ margins, y, weights }: CalibrationData): Calibrator | undefined => {
  const { rows, columns } = margins
  if (columns === 1) {
    const curve = curveThrough(isotonicBlocks(margins.values, y, weights), logit)
    return curve && { kind: 'isotonic', curves: [curve] }
  }
  const logs = logSoftmax(margins)
  const curves = Array.from({ length: columns }, (_, k): Curve | undefined => {
    const own = Float64Array.from({ length: rows }, (_, i) => logs[i * columns + k]!)
    const isClass = y.map((label) => (label === k ? 1 : 0))
    return curveThrough(isotonicBlocks(own, isClass, weights), Math.log)
  })
  return curves.includes(undefined) ? undefined : { kind: 'isotonic', curves: curves as readonly Curve[] } // all are there
}
