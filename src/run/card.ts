import type { LinearModel } from '../estimators/estimator.ts'
import type { Evaluation } from './evaluate.ts'
import type { TrainedModel } from './fit-trial.ts'
import type { Judgement } from './judge.ts'
import type { Prepared } from './prepared.ts'
import { type RunSpec, trialById } from './spec.ts'

/** Weights and intercepts of a linear model; nothing of others. */
const coefficients = (model: unknown): Partial<LinearModel> => {
  const { weights, intercepts } = model as Partial<LinearModel> // other models have neither
  return { ...(weights && { weights }), ...(intercepts && { intercepts }) }
}

/** card.json: what a reader should know of a version before trusting it. */
export const modelCard = (
  runId: string,
  spec: RunSpec,
  trained: TrainedModel,
  prepared: Prepared,
  evaluation: Evaluation,
  judgement: Judgement,
) => ({
  schema: 1,
  percall: spec.percall,
  runId,
  model: spec.model,
  data: {
    dataset: spec.dataset,
    version: spec.datasetVersion,
    trainRows: prepared.test.filter((side) => side === 0).length,
    testRows: prepared.test.filter((side) => side === 1).length,
    split: spec.split,
  },
  target: { name: spec.target.name, ...spec.plan },
  columns: spec.codec.columns.map(({ name, kind }) => ({ name, kind })),
  preprocess: spec.preprocess,
  trial: trialById(spec, trained.trialId),
  features: trained.pipeline.features,
  ...coefficients(trained.model),
  lossCurve: trained.curve,
  evaluation,
  gate: judgement,
})
