import type { Profile } from '../../dataset/profile.ts'
import type { LinearModel } from '../../estimators/estimator.ts'
import type { RankedTrial } from '../blend/choose.ts'
import type { Prepared } from '../prepared.ts'
import { type RunSpec, trialById } from '../spec.ts'
import { testUsesNotice } from '../test-uses.ts'
import { leadOf, type TrainedModel } from '../trained.ts'
import { cardLimits } from './card-limits.ts'
import type { Evaluation } from './evaluate.ts'
import type { Judgement } from './judge.ts'

export type CardInput = {
  readonly runId: string
  readonly spec: RunSpec
  /** sha256 of spec.json, lower-case hex. */
  readonly specDigest?: string
  readonly trained: TrainedModel
  readonly prepared: Prepared
  readonly evaluation: Evaluation
  readonly judgement: Judgement
  readonly profile?: Profile
  /** Names of columns that hold personal data. */
  readonly personal?: readonly string[]
  /** How many runs looked at these test rows, this one among them. */
  readonly testUses?: number
  readonly leaderboard?: readonly RankedTrial[]
  /** What the run told its owner. */
  readonly notices?: readonly string[]
}

/** Weights and intercepts of a linear model; nothing of others. */
const coefficients = (model: unknown): Partial<LinearModel> => {
  const { weights, intercepts } = model as Partial<LinearModel> // other models have neither
  return { ...(weights && { weights }), ...(intercepts && { intercepts }) }
}

/** card.json: what a reader should know of a version before trusting it. */
export const modelCard = (input: CardInput) => {
  const { runId, spec, specDigest, trained, prepared, evaluation, judgement, profile, personal = [] } = input
  const { leaderboard, notices = [] } = input
  const lead = leadOf(trained)
  const testRows = prepared.test.filter((side) => side === 1).length
  // Without test rows nothing was used up.
  const testUses = testRows > 0 ? input.testUses : undefined
  const again = testUses === undefined ? undefined : testUsesNotice(testUses, spec.dataset)
  return {
    schema: 1,
    percall: spec.percall,
    runId,
    model: spec.model,
    data: {
      dataset: spec.dataset,
      version: spec.datasetVersion,
      trainRows: prepared.test.filter((side) => side === 0).length,
      testRows,
      split: spec.split,
      ...(testUses !== undefined && { testUses }),
      ...(profile && { profile: profileSummary(profile, personal) }),
    },
    lineage: {
      dataset: spec.dataset,
      datasetVersion: spec.datasetVersion,
      codeVersion: spec.percall,
      seed: spec.seed,
      ...(specDigest !== undefined && { specDigest }),
      ...(spec.engine && { engine: spec.engine.name }),
    },
    target: { name: spec.target.name, ...spec.plan },
    columns: spec.codec.columns.map(({ name, kind }) => ({
      name,
      kind,
      ...(personal.includes(name) && { personal: true as const }),
    })),
    preprocess: spec.preprocess,
    trial: trialById(spec, lead.trialId),
    features: lead.pipeline.features,
    ...(trained.members.length === 1 && coefficients(lead.model)),
    lossCurve: trained.curve,
    members: membersOf(spec, trained),
    ...(trained.calibrator && { calibration: trained.calibrator.kind }),
    ...(trained.threshold !== undefined && { threshold: trained.threshold }),
    ...(trained.interval && { interval: trained.interval }),
    ...(leaderboard && { leaderboard }),
    evaluation,
    gate: judgement,
    limits: cardLimits(spec, trained, evaluation, profile),
    notices: [...notices, ...evaluation.notices, ...(again === undefined ? [] : [again])],
  }
}

/** A trial is one member, however many fits of other seeds its part of the answers is the mean of. */
const membersOf = (spec: RunSpec, { members }: TrainedModel) =>
  [...new Set(members.map(({ trialId }) => trialId))].map((id) => {
    const fits = members.filter(({ trialId }) => trialId === id)
    const { algorithm, hyper } = fits[0]! // the id is one of theirs
    const { scaling } = trialById(spec, id)
    const weight = fits.reduce((sum, fit) => sum + fit.weight, 0)
    return {
      ...{ trialId: id, algorithm, hyper, ...(scaling && { scaling }), weight },
      ...(fits.length > 1 && { fits: fits.length }),
    }
  })

export type ModelCard = ReturnType<typeof modelCard>

const profileSummary = ({ rows, columns }: Profile, personal: readonly string[]) => ({
  rows,
  columns: columns.map(({ name, kind, missing, distinct, leftOut, range }) => ({
    name,
    kind,
    missing,
    distinct,
    ...(leftOut && { leftOut }),
    // The ends of a personal column are two people's values.
    ...(range && !personal.includes(name) && { range }),
    ...(personal.includes(name) && { personal: true as const }),
  })),
})
