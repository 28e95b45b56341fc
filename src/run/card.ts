import type { LinearModel } from '../estimators/estimator.ts'
import type { Evaluation } from './evaluate.ts'
import type { Judgement } from './judge.ts'
import type { Prepared } from './prepared.ts'
import { type RunSpec, trialById } from './spec.ts'
import { leadOf, type TrainedModel } from './trained.ts'

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
    trainRows: prepared.test.reduce((sum, isTest) => sum + 1 - isTest, 0),
    testRows: prepared.test.reduce((sum, isTest) => sum + isTest, 0),
    split: spec.split,
  },
  target: { name: spec.target.name, ...spec.plan },
  columns: spec.codec.columns.map(({ name, kind }) => ({ name, kind })),
  preprocess: spec.preprocess,
  trial: trialById(spec, leadOf(trained).trialId),
  features: leadOf(trained).pipeline.features,
  ...coefficients(leadOf(trained).model),
  lossCurve: trained.curve,
  evaluation,
  gate: judgement,
})
