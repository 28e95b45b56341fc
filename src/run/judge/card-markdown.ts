import { valueText as number } from '../value-text.ts'
import type { ModelCard } from './card.ts'

/** card.md: the card for a person, in Markdown. Made of card.json alone. */
export const cardMarkdown = (card: ModelCard): string =>
  [
    `# ${text(card.model)}: model card`,
    summary(card),
    section('Figures', figures(card)),
    section('Classes', classes(card)),
    section('Calibration', calibration(card)),
    section('Errors', errors(card)),
    section('Where it is weakest', segments(card)),
    section('What it is made of', parts(card)),
    section('Data', data(card)),
    section('What it was not tested on', list(card.limits)),
    section('Notices', list(card.notices)),
    section('Explanations', explanations(card)),
    section('Lineage', lineage(card)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')

const section = (title: string, body: string): string => (body === '' ? '' : `## ${title}\n\n${body}`)

/** A cell or a line: names of columns and classes are the owner's own text. */
const text = (value: unknown): string =>
  String(value)
    .replace(/[\\`*_[\]<>|#]/g, '\\$&')
    .replace(/\s+/g, ' ')

const list = (lines: readonly string[]): string => lines.map((line) => `- ${text(line)}`).join('\n')

const table = (titles: readonly string[], rows: readonly (readonly unknown[])[]): string => {
  const line = (cells: readonly unknown[]): string => `| ${cells.map(text).join(' | ')} |`
  return rows.length === 0 ? '' : [line(titles), `|${titles.map(() => '---|').join('')}`, ...rows.map(line)].join('\n')
}

const summary = ({ target, data: { dataset, version, trainRows }, evaluation, gate }: ModelCard): string => {
  const answers =
    target.classes === null
      ? `the number ${text(target.name)}`
      : `${text(target.name)}, one of ${target.classes.length} classes`
  const rows = `${evaluation.rows} ${evaluation.on} rows`
  return `Predicts ${answers}. Learned from ${trainRows} rows of ${text(dataset)} version ${version}, judged on ${rows}.\n\nGate: **${gate.verdict}**, ${text(gate.reason)}.`
}

const figures = ({ evaluation: { metrics, intervals, on, rows } }: ModelCard): string => {
  const lines = Object.entries(metrics).map(([name, value]) => {
    const interval = intervals[name]
    return [name, number(value), interval ? `${number(interval.low)} to ${number(interval.high)}` : '']
  })
  return `Of the exported graph, on ${rows} ${on === 'training' ? 'training rows, which it learned from' : 'test rows'}.\n\n${table(['metric', 'value', '95 % interval'], lines)}`
}

/** A larger matrix is in card.json only. */
const mostClasses = 12

const classes = ({ target, evaluation }: ModelCard): string => {
  const { confusion } = evaluation.classes ?? {}
  if (confusion === undefined || target.classes === null) return ''
  if (confusion.length > mostClasses) return `${confusion.length} classes: their confusion matrix is in card.json.`
  const rows = confusion.map((counts, k) => [target.classes![k], ...counts.map(number)])
  const about = target.positive === undefined ? '' : `\n\nPositive class: ${text(target.positive)}.`
  return `Rows by true class (down) and answered class (across).\n\n${table(['true', ...target.classes.map(String)], rows)}${about}`
}

const calibration = ({ evaluation, target }: ModelCard): string => {
  const found = evaluation.classes?.calibration
  if (found === undefined) return ''
  const of = target.positive === undefined ? 'the answered class' : `class ${text(target.positive)}`
  const rows = found.bins.map(({ from, to, weight, said, came }) => [
    `${number(from)} to ${number(to)}`,
    number(weight),
    number(said),
    number(came),
  ])
  return `Probabilities of ${of} miss by ${number(found.expectedError)} on average.\n\n${table(['probability', 'rows', 'said', 'came'], rows)}`
}

const errors = ({ evaluation: { values, rows } }: ModelCard): string => {
  if (values === undefined) return ''
  const { mean, quantiles } = values.residuals
  const shown = table(
    ['share of rows below', 'truth - answer'],
    quantiles.map(({ share, value }) => [`${number(share * 100)} %`, number(value)]),
  )
  const { interval } = values
  const covered = interval
    ? `\n\nIts ${number(interval.level * 100)} % interval held ${number(interval.coverage * 100)} % of ${rows} rows; mean width ${number(interval.meanWidth)}.`
    : ''
  return `Bias ${number(mean)}.\n\n${shown}${covered}`
}

const mostSegments = 10

const segments = ({ evaluation: { segments: found, values } }: ModelCard): string => {
  const worse = found.worst.filter(({ difference }) => difference > 0).slice(0, mostSegments)
  if (worse.length === 0) return ''
  const rows = worse.map(({ column, segment, rows: count, loss, difference, standardError }) => [
    column,
    segment,
    count,
    `${number(loss)} ± ${number(1.96 * standardError)}`,
    `+${number(difference)}`,
  ])
  return `${values ? 'RMSE' : 'Log-loss'} of parts of the rows, worst first; many parts were looked at, so some are bad by chance.\n\n${table(['column', 'rows where it is', 'rows', 'loss', 'above all rows'], rows)}`
}

const parts = ({ members, calibration: kind, threshold, interval, evaluation }: ModelCard): string => {
  const rows = members.map(({ trialId, algorithm, weight, hyper, scaling, fits }) => [
    trialId,
    algorithm,
    number(weight),
    `${JSON.stringify(hyper)}${scaling ? `, numbers scaled by ${scaling}` : ''}${fits ? `, the mean of ${fits} seeds` : ''}`,
  ])
  const { parity, sizeBytes } = evaluation
  const more = [
    kind === undefined ? 'Probabilities are not recalibrated.' : `Probabilities are recalibrated (${kind}).`,
    ...(threshold === undefined ? [] : [`Positive from a probability of ${number(threshold)} on.`]),
    ...(interval ? [`Answers a ${number(interval.level * 100)} % interval.`] : []),
    `model.onnx: ${sizeBytes} bytes; differs from the trainer by at most ${number(parity.largestDifference)}, in ${parity.labelsDiffer} labels.`,
  ]
  const shown = evaluation.classes ? more : more.slice(1)
  return `${table(['trial', 'algorithm', 'weight', 'hyperparameters'], rows)}\n\n${list(shown)}`
}

const data = ({ data: about, columns, target }: ModelCard): string => {
  const { profile, testRows, trainRows, split, testUses } = about
  const uses = testUses === undefined ? '' : ` Runs that used these test rows: ${testUses}.`
  const start = `${trainRows} train rows, ${testRows} test rows, split ${text(split.method)}.${uses}`
  const rows = profile
    ? profile.columns.map(({ name, kind, missing, distinct, leftOut, personal }) => [
        name,
        kind,
        missing,
        distinct,
        [name === target.name && 'target', leftOut && `left out: ${leftOut}`, personal && 'personal data']
          .filter(Boolean)
          .join(', '),
      ])
    : columns.map(({ name, kind, personal }) => [name, kind, '', '', personal ? 'personal data' : ''])
  return `${start}\n\n${table(['column', 'kind', 'missing', 'distinct', ''], rows)}`
}

// The number of the version that a run makes is not known when its card is written.
const explanations = ({ model }: ModelCard): string =>
  `What matters to it, and plots of that: \`percall explain ${model} --global\`, or \`GET /api/models/${model}/versions/{version}/explanations\`.`

const lineage = ({ lineage: from, runId }: ModelCard): string =>
  table(
    ['what', 'which'],
    [
      ['run', runId],
      ['dataset', `${from.dataset} version ${from.datasetVersion}`],
      ['Percall', from.codeVersion],
      ['seed', from.seed],
      ...(from.specDigest === undefined ? [] : [['spec.json, sha256', from.specDigest]]),
    ],
  )
