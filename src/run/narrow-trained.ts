import type { Compute } from '../estimators/compute.ts'
import { type MlpHyper, mlp } from '../estimators/mlp/mlp.ts'
import type { MlpModel } from '../estimators/mlp/mlp-model.ts'
import { narrowSizes, narrowState } from '../estimators/mlp/narrow.ts'
import type { Prepared } from './prepared.ts'
import { type RunSpec, trialById } from './spec.ts'
import type { Member, TrainedModel } from './trained.ts'
import { trainingDataOf } from './trials/fit-trial.ts'

/** A guess: they cost little beside the fit before, and the policy judges what comes of it. */
const epochs = 3

/** Whether there is a net to narrow. */
export const hasNet = ({ members }: TrainedModel): boolean => members.some(({ algorithm }) => algorithm === 'mlp')

const narrowMember = async (spec: RunSpec, member: Member, train: Prepared, compute: Compute): Promise<Member> => {
  const model = member.model as MlpModel // a member of the algorithm mlp
  const hidden = narrowSizes(model.sizes).slice(1, -1)
  const hyper = { ...(member.hyper as MlpHyper), hidden, iterations: epochs }
  // As it was fitted: of a category that is encoded by the target a train row must not know its own.
  const { data } = trainingDataOf(spec, trialById(spec, member.trialId), train)
  const fitting = await mlp.open(hyper, data, compute)
  try {
    const { state } = await fitting.step(narrowState(model), { iterations: epochs })
    return { ...member, hyper, model: mlp.model(state) }
  } finally {
    await fitting.close()
  }
}

/** The model with half of the hidden units of its nets, each fitted on for three epochs; calibrator and weights stay. */
export const narrowTrained = async (
  spec: RunSpec,
  trained: TrainedModel,
  train: Prepared,
  compute: Compute,
): Promise<TrainedModel> => {
  const members: Member[] = []
  for (const member of trained.members)
    members.push(member.algorithm === 'mlp' ? await narrowMember(spec, member, train, compute) : member)
  return { ...trained, members }
}
