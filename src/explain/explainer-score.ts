import type { Features, Matrix } from '../estimators/estimator.ts'
import { margins as linearMargins } from '../estimators/linear-model.ts'
import { forestMargins, treesEach } from '../estimators/trees/forest-margins.ts'
import { boostedMargins } from '../estimators/trees/model.ts'
import { blendMargins } from '../run/blend/blend.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { applyPipeline } from '../transformers/pipeline.ts'
import type { Pipeline } from '../transformers/pipeline-shape.ts'
import { columnsOfFeatures, type ExplainedColumn } from './columns.ts'
import type { Score, ScorePart } from './exact-score.ts'
import type { ExplainedMember, Explainer } from './explainer-file.ts'
import type { OutputSpace } from './explanation.ts'
import { modelTrees } from './model-trees.ts'

/**
 * The space in which a model's members add up; undefined where they do not. Shares of a forest add up before their
 * logarithm is taken, so that one cannot be blended with other models.
 */
export const scoreSpace = ({ members, link }: Explainer): OutputSpace | undefined => {
  if (members.length === 0) return undefined
  if (members.some(sharesAnswered)) return members.length === 1 ? 'probability' : undefined
  return link === 'identity' ? 'value' : 'margin'
}

const sharesAnswered = (member: ExplainedMember): boolean => member.kind === 'forest' && member.model.classes > 0

/** Whether trees are among the members, or all are linear. */
export const hasTrees = ({ members }: Explainer): boolean => members.some(({ kind }) => kind !== 'linear')

/** Whether the trees' own counts explain it: one model of trees. */
export const hasCover = ({ members }: Explainer): boolean => members.length === 1 && members[0]!.kind !== 'linear'

/** The features of both tables, by pipeline: members share them. */
export const explainerFeatures = (inputs: readonly Tensor[], background: readonly Tensor[]) => {
  const known = new Map<string, { readonly X: Features; readonly background: Features }>()
  return (pipeline: Pipeline) => {
    const key = JSON.stringify(pipeline)
    const own = known.get(key) ?? {
      X: applyPipeline(pipeline, inputs),
      background: applyPipeline(pipeline, background),
    }
    known.set(key, own)
    return own
  }
}

type FeaturesOf = ReturnType<typeof explainerFeatures>

/** Score `output` of a model as its members' parts. */
export const explainerScore = (
  { members }: Explainer,
  output: number,
  columns: readonly ExplainedColumn[],
  featuresOf: FeaturesOf,
): Score => ({
  base: members.reduce(
    (sum, member) => sum + (member.kind === 'linear' ? 0 : member.weight * member.model.base[output]!),
    0,
  ),
  parts: members.map((member): ScorePart => {
    const { pipeline, weight } = member
    const common = {
      ...featuresOf(pipeline),
      names: pipeline.features,
      columnOf: columnsOfFeatures(columns, pipeline.sources),
    }
    if (member.kind === 'linear')
      return {
        ...{ ...common, weight, kind: 'linear' },
        coefficients: member.model.weights[output]!,
        intercept: member.model.intercepts[output]!,
      }
    const each = member.kind === 'forest' ? treesEach(member.model) : 1
    return { ...common, weight: weight / each, kind: 'trees', trees: modelTrees(member.model)[output]! }
  }),
})

/** Margins [rows, outputs] before calibration, as src/run/trained.ts has them. */
export const explainerMargins = ({ members }: Explainer, featuresOf: FeaturesOf): Matrix =>
  blendMargins(
    members.map((member) => ({ weight: member.weight, margins: memberMargins(member, featuresOf(member.pipeline).X) })),
  )

const memberMargins = (member: ExplainedMember, X: Features): Matrix => {
  switch (member.kind) {
    case 'boosted':
      return boostedMargins(member.model, X)
    case 'forest':
      return forestMargins(member.model, X)
    case 'linear':
      return linearMargins(member.model, X)
  }
}
