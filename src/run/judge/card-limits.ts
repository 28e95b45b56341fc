import type { Profile } from '../../dataset/profile.ts'
import type { RunSpec } from '../spec.ts'
import type { TrainedModel } from '../trained.ts'
import type { Evaluation } from './evaluate.ts'

/** Fewer test rows of a class say little of it. */
const fewRowsOfClass = 20
const mostClassesNamed = 5

/** What the model was not tested on, and what its figures do not say: a sentence each. */
export const cardLimits = (
  { split, plan, dataset, datasetVersion }: Pick<RunSpec, 'split' | 'plan' | 'dataset' | 'datasetVersion'>,
  trained: TrainedModel,
  { on, rows, classes, segments }: Evaluation,
  profile?: Profile,
): readonly string[] => [
  ...(on === 'training' ? ['Every figure is of rows that the model learned from: on new rows it will do worse.'] : []),
  `It was tested on ${rows} rows of ${dataset} version ${datasetVersion} alone: rows from another source may differ.`,
  splitLimit(split.method, split.key),
  ...(profile ? unseenValues(profile) : []),
  ...(classes ? rareClasses(plan.classes ?? [], classes.confusion, on) : []),
  ...(segments.tooFewRows > 0
    ? [`${segments.tooFewRows} segments have fewer than ${segments.leastRows} ${on} rows and were not scored.`]
    : []),
  ...(trained.interval
    ? ['Intervals hold their level on average over rows like those learned from, not for each kind of row.']
    : []),
  'No figure tells what causes the target, or how people fare that the columns do not tell apart.',
]

const splitLimit = (method: string, key: string | undefined): string => {
  switch (method) {
    case 'time':
      return 'It was tested on the latest rows only: what changes after them is not in its figures.'
    case 'group':
      return 'It was tested on groups that it has not seen; for groups that it knows it may do better.'
    case 'none':
      return 'No rows were kept for a test.'
    default:
      return `Test rows were drawn at random${key === undefined ? '' : ` by ${key}`}: it was not tested on a later time${
        key === undefined ? ', and rows of one person may lie on both sides' : ''
      }.`
  }
}

/** Values outside what came; one sentence for all columns. */
const unseenValues = ({ columns }: Profile): readonly string[] => {
  const numbers = columns.filter(({ range, leftOut }) => range !== undefined && leftOut === undefined).length
  return numbers === 0
    ? []
    : [`No value outside the ranges of its ${numbers} number and date columns (data.profile) was seen.`]
}

const rareClasses = (
  classes: NonNullable<RunSpec['plan']['classes']>,
  confusion: readonly (readonly number[])[],
  on: Evaluation['on'],
): readonly string[] => {
  const rare = classes.flatMap((label, k) => {
    const rows = confusion[k]?.reduce((sum, count) => sum + count, 0) ?? 0
    return rows < fewRowsOfClass ? [`${label} (${Math.round(rows)})`] : []
  })
  if (rare.length === 0) return []
  const named = rare.slice(0, mostClassesNamed).join(', ')
  const more = rare.length > mostClassesNamed ? ` and ${rare.length - mostClassesNamed} more` : ''
  return [`Fewer than ${fewRowsOfClass} ${on} rows are of ${named}${more}: figures of such a class are guesses.`]
}
