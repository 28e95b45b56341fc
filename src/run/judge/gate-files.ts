import type { TabularManifest } from '../../registry/manifest.ts'
import type { Choice } from '../blend/choose.ts'
import { decodePrepared } from '../data-file.ts'
import type { RunProfile } from '../inspect.ts'
import { trainRows } from '../prepared.ts'
import { selectValues } from '../select-rows.ts'
import type { RunSpec } from '../spec.ts'
import { leadOf, type TrainedModel } from '../trained.ts'
import { decodeHeld } from '../trials/oof-file.ts'
import { outOfFoldAnswers } from '../trials/out-of-fold.ts'
import { trialFolders } from '../trials/run-fits.ts'
import type { CardInput } from './card.ts'
import type { Evaluation } from './evaluate.ts'
import type { OutOfFold } from './judge.ts'

type Ports = {
  readonly readJson: <Value>(key: string) => Promise<Value>
  readonly readBytes: (key: string) => Promise<Uint8Array>
}

/** What the states before have kept of a run, below its folder, and the graph that is to serve. */
export const gateFiles = async ({ readJson, readBytes }: Ports, folder: string, onnxKey: string) => {
  const [spec, manifest, trained, evaluation, choice, profile, data, bytes] = await Promise.all([
    readJson<RunSpec>(`${folder}/spec.json`),
    readJson<TabularManifest>(`${folder}/manifest.json`),
    readJson<TrainedModel>(`${folder}/model.json`),
    readJson<Evaluation>(`${folder}/metrics.json`),
    readJson<Choice>(`${folder}/choice.json`),
    readJson<RunProfile>(`${folder}/profile.json`),
    readBytes(`${folder}/data.bin`),
    readBytes(onnxKey),
  ])
  return { spec, manifest, trained, evaluation, choice, profile, prepared: decodePrepared(data), bytes }
}

export type GateFiles = Awaited<ReturnType<typeof gateFiles>>

/** The model's answers on the rows that its trials held back, by their margins of the last round. */
export const heldAnswers =
  ({ readBytes }: Ports, folder: string, { spec, trained, choice, prepared }: GateFiles) =>
  async (): Promise<OutOfFold> => {
    const last = spec.rungs.length - 1
    const held = new Map(
      await Promise.all(
        choice.members.map(async ({ trialId }) => {
          const bytes = await readBytes(`${trialFolders(folder, trialId, last).folder}/oof.bin`)
          return [trialId, decodeHeld(bytes)] as const
        }),
      ),
    )
    const { rows } = held.get(leadOf(trained).trialId)!
    const { y, weights } = trainRows(prepared)
    const truth = { truth: selectValues(y, rows), ...(weights && { weights: selectValues(weights, rows) }) }
    return outOfFoldAnswers(choice, (trialId) => held.get(trialId)!.margins, leadOf(trained).link, truth)
  }

/** The part of a card that the files tell. */
export const cardOfFiles = ({ spec, trained, evaluation, choice, profile, prepared }: GateFiles) =>
  ({
    spec,
    trained,
    evaluation,
    prepared,
    profile: profile.profile,
    personal: personalColumns(profile),
    leaderboard: choice.leaderboard,
    notices: [...profile.notices, ...spec.plan.notices, ...choice.notices],
  }) satisfies Partial<CardInput>

/** Names of columns that hold personal data. */
export const personalColumns = ({ profile }: Pick<RunProfile, 'profile'>): readonly string[] =>
  profile.columns.flatMap(({ name, personal }) => (personal === undefined ? [] : [name]))
