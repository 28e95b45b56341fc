import { barPlot } from '../plot/bar-plot.ts'
import { linePlot } from '../plot/line-plot.ts'
import type { GlobalExplanations } from './global-file.ts'
import type { Dependence } from './partial-dependence.ts'

const mostBars = 20
/** 95 % of a normal distribution. */
const normal = 1.96
const mostClasses = 5

const rowsOf = ({ rows, on }: GlobalExplanations): string => `${rows} ${on} rows`

const importance = (global: GlobalExplanations): string => {
  const { columns, loss } = global.permutation
  const bars = columns.slice(0, mostBars).map(({ column, importance: value, low, high }) => ({
    ...{ name: column, value, low, high },
  }))
  const what = loss === 'rmse' ? 'RMSE' : 'log-loss'
  return barPlot(
    {
      title: `What ${global.target} loses when a column is shuffled`,
      x: `rise of the ${what} on ${rowsOf(global)}, 95 % over shuffles`,
    },
    bars,
  )
}

const shap = ({ target, shap: found }: GlobalExplanations): string | undefined => {
  if (!found) return undefined
  const bars = found.importance.slice(0, mostBars).map(({ column, mean, standardError }) => ({
    ...{ name: column, value: mean },
    low: Math.max(0, mean - normal * standardError),
    high: mean + normal * standardError,
  }))
  const what = found.output === 'value' ? target : found.output
  return barPlot(
    { title: `How much each column moves ${target}`, x: `mean |SHAP| (${what}) over ${found.rows} background rows` },
    bars,
  )
}

const dateText = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 'YYYY-MM-DD'.length)

/** The classes that are drawn: all of a few, else the one of the single rows. */
const drawnClasses = ({ means, of }: Dependence, classes: readonly string[]): readonly number[] =>
  means.length === 2 || means.length > mostClasses ? [of] : [...classes.keys()]

const dependence = (global: GlobalExplanations, found: Dependence): string => {
  const { target, classes } = global
  const { column, kind, points, means, rows, of } = found
  const shownOf = classes ? `probability of ${target} = ${classes[of]}` : target
  const lines = classes
    ? drawnClasses(found, classes).map((k) => ({ name: classes[k]!, values: means[k]! }))
    : [{ values: means[0]! }]
  const isNumber = kind === 'number' || kind === 'date'
  return linePlot(
    { title: `${target} by ${column}, all else as it is`, x: column, y: lines.length > 1 ? 'probability' : shownOf },
    {
      points: isNumber ? points.map(Number) : points.map(String),
      lines,
      // Of one class: with several they would not be told apart.
      ...(lines.length === 1 && { thin: rows }),
      ...(kind === 'date' && { pointText: dateText }),
    },
  )
}

const calibration = ({ target, calibration: found }: GlobalExplanations): string | undefined =>
  found &&
  linePlot(
    { title: `How often probabilities of ${target} come true`, x: 'said', y: 'came' },
    {
      points: found.bins.map(({ said }) => said),
      lines: [{ values: found.bins.map(({ came }) => came) }],
      within: { low: 0, high: 1 },
      even: true,
    },
  )

/** The plots of a version, as SVG, by name: importance, shap, calibration, and dependence-1 on, the strongest column first. */
export const globalPlots = (global: GlobalExplanations): Readonly<Record<string, string>> => {
  const others = { shap: shap(global), calibration: calibration(global) }
  return Object.fromEntries([
    ['importance', importance(global)],
    ...Object.entries(others).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ...global.dependence.map((found, place) => [`dependence-${place + 1}`, dependence(global, found)] as const),
  ])
}
