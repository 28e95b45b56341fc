import type { ConditionBody, GlobalExplanationsBody } from '../client/explanation-body.ts'
import { table } from './table.ts'
import { shownNumber } from './waterfall.ts'

const mostColumns = 20

const conditionText = (condition: ConditionBody): string => {
  const { feature, missing } = condition
  const or = missing ? ' or missing' : ''
  switch (condition.test) {
    case 'at most':
      return `${feature} <= ${shownNumber(condition.value)}${or}`
    case 'above':
      return `${feature} > ${shownNumber(condition.value)}${or}`
    case 'one of':
    case 'none of':
      return `${feature} ${condition.test} ${condition.levels.join(', ')}${or}`
    default:
      return `${feature} ${condition.test}`
  }
}

const importanceText = ({ permutation, shap, rows, on }: GlobalExplanationsBody): string => {
  const loss = permutation.loss === 'rmse' ? 'RMSE' : 'log-loss'
  const means = new Map(shap?.importance.map(({ column, mean, standardError }) => [column, { mean, standardError }]))
  const lines = permutation.columns.slice(0, mostColumns).map(({ column, importance, low, high }) => {
    const own = means.get(column)
    const mean = own && `${shownNumber(own.mean)} ±${shownNumber(own.standardError)}`
    return [column, shownNumber(importance), `${shownNumber(low)} to ${shownNumber(high)}`, mean]
  })
  const left = permutation.columns.length - lines.length
  const more = left > 0 ? [`and ${left} columns more: --json shows all`] : []
  const title = `Rise of the ${loss} when a column is shuffled, ${permutation.repeats} times on ${rows} ${on} rows:`
  return [title, table(['column', 'importance', '95 %', 'mean |SHAP|'], lines), ...more].join('\n')
}

const rulesText = ({ surrogate, target }: GlobalExplanationsBody): string => {
  if (!surrogate) return ''
  const { lists, fidelity } = surrogate
  const { r2, agreement, constantAgreement, rows } = fidelity
  const classes =
    agreement === undefined
      ? ''
      : `, the same class on ${shownNumber(100 * agreement)} % (the most frequent class alone: ${shownNumber(100 * (constantAgreement ?? 0))} %)`
  const told = lists.flatMap(({ of, rules }) => [
    of === undefined ? `${target}:` : `probability of ${target} = ${of}:`,
    ...rules.map(({ conditions, answer, rows: own }) => {
      const when = conditions.map(conditionText).join(' and ') || 'always'
      return `  ${shownNumber(answer)}  when ${when} (${own} rows)`
    }),
  ])
  return `Rules that come near it: R2 ${shownNumber(r2)} of its answers${classes}, on ${rows} rows.\n${told.join('\n')}`
}

/** What a version says of itself as a whole. */
export const globalText = (global: GlobalExplanationsBody): string => {
  const { calibration, plots, leftOut } = global
  const said = calibration && `Probabilities miss by ${shownNumber(calibration.expectedError)} on average.`
  return [
    importanceText(global),
    rulesText(global),
    said ?? '',
    leftOut.map((reason) => `left out: ${reason}`).join('\n'),
    `plots: ${plots.join(', ')}; --plots DIR writes them`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}
