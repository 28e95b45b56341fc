import type { Codec } from '../../dataset/codec.ts'
import type { Profile } from '../../dataset/profile.ts'
import type { SplitMethod } from '../../dataset/split.ts'
import { dateParts } from '../../transformers/date-parts.ts'
import type { TargetPlan } from '../task.ts'
import type { FitShape } from '../trials/cost-model.ts'

/** One row of five is a test row, whatever the split; none under `none`. */
const trainShare = 0.8
/** A category's levels beyond it are rare ones, which share features. */
const mostLevels = 256

/** What a run's fits are expected to be about, from the profile alone: rows of the train part, features, margins. */
export const fitShape = (profile: Profile, codec: Codec, { classes }: TargetPlan, split: SplitMethod): FitShape => {
  const distinct = new Map(profile.columns.map((column) => [column.name, column.distinct]))
  const features = codec.columns.map(({ name, kind, datatype }) => {
    if (kind === 'date') return dateParts.length
    return datatype === 'BYTES' ? Math.min(Math.max(1, distinct.get(name) ?? 1), mostLevels) : 1
  })
  return {
    rows: Math.ceil(profile.rows * (split === 'none' ? 1 : trainShare)),
    features: features.reduce((sum, count) => sum + count, 0),
    outputs: classes === null || classes.length === 2 ? 1 : classes.length,
    ...(classes !== null && { classes: true as const }),
  }
}
