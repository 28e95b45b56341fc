import type { Choice } from '../blend/choose.ts'
import type { Prepared } from '../prepared.ts'
import type { Progress, Run } from '../run.ts'
import { type RunSpec, trialById } from '../spec.ts'
import { type Member, type TrainedModel, trainedUntilOf } from '../trained.ts'
import { type FitCheckpoint, type FitPorts, fitParts, type Part } from './fit-parts.ts'
import { encodeHeld } from './oof-file.ts'
import { trialPath } from './rounds.ts'
import { timeLeftMs } from './time-left.ts'
import { foldResult, memberOf, refitParts, trialParts } from './trial-parts.ts'

export type RunFitPorts = Pick<FitPorts, 'nowMs' | 'deadlineMs' | 'save' | 'compute'> & {
  /** Throws RUN_ENDED, which ends the fit. */
  readonly reportProgress: (
    runId: string,
    attempt: number,
    trialId: string,
    progress: Progress,
    spentMs: number,
  ) => Promise<void>
  /** Put if absent, below the run's folder. */
  readonly putBytes: (key: string, bytes: Uint8Array) => Promise<string>
  readonly putJson: (key: string, value: unknown) => Promise<string>
}

type Fitted = { readonly checkpoint: FitCheckpoint; readonly parts: number }

/** Fits a trial's folds in a round of halving until all have ended or time is up, and keeps what their held rows get. */
export const fitTrial =
  (ports: RunFitPorts) =>
  async (
    run: Run,
    spec: RunSpec,
    { trialId, rung, folder }: { readonly trialId: string; readonly rung: number; readonly folder: string },
    train: Prepared,
    from: FitCheckpoint,
  ): Promise<Fitted> => {
    const trial = trialById(spec, trialId)
    const parts = trialParts(spec, trial, rung, train)
    const place = { rung, trial: Math.min(spec.trials.indexOf(trial), spec.rungs[rung]!.trials - 1) }
    const report = reporting(ports, run, spec, place, from, () => trialId)
    const keep: FitPorts['keep'] = async (part, opened, fit) => {
      const { held, sizeBytes } = foldResult(spec, trial, train, part, opened, fit)
      await ports.putBytes(heldKey(folder, part), encodeHeld(held))
      if (part === 0) await ports.putJson(sizeKey(folder), { sizeBytes })
    }
    const checkpoint = await fitParts({ ...ports, report, keep })(parts, from)
    return { checkpoint, parts: parts.length }
  }

/** Fits the members of a model on all train rows until all have ended or time is up. */
export const fitMembers =
  (ports: RunFitPorts) =>
  async (
    run: Run,
    spec: RunSpec,
    choice: Choice,
    folder: string,
    train: Prepared,
    from: FitCheckpoint,
  ): Promise<Fitted> => {
    const parts: readonly Part[] = refitParts(spec, choice, train)
    const report = reporting(ports, run, spec, 'refit', from, ({ part = '' }) => part)
    const keep: FitPorts['keep'] = async (at, opened, { state }) => {
      const { name, hyper } = parts[at]!
      const member = memberOf(spec, { ...trialById(spec, name), hyper }, opened, state)
      await ports.putJson(memberKey(folder, at), member)
    }
    const checkpoint = await fitParts({ ...ports, report, keep })(parts, from)
    return { checkpoint, parts: parts.length }
  }

export const heldKey = (folder: string, part: number): string => `${folder}/held-${part}.bin`
export const sizeKey = (folder: string): string => `${folder}/size.json`
export const memberKey = (folder: string, at: number): string => `${folder}/member-${at}.json`

/** Where a trial's artifacts of a round lie, and those of the round before. */
export const trialFolders = (runFolder: string, trialId: string, rung: number) => ({
  folder: `${runFolder}/${trialPath(trialId, rung)}`,
  ...(rung > 0 && { earlier: `${runFolder}/${trialPath(trialId, rung - 1)}` }),
})

/** All members with their weights, and what was chosen for their blend. */
export const trainedModel = (
  { members, calibrator, threshold, interval }: Choice,
  fitted: readonly Omit<Member, 'weight'>[],
  { fits }: FitCheckpoint,
  { times }: Pick<Prepared, 'times'>,
): TrainedModel => ({
  members: fitted.map((member, at) => ({ ...member, weight: members[at]!.weight })),
  ...(calibrator && { calibrator }),
  ...(threshold !== undefined && { threshold }),
  ...(interval && { interval }),
  ...trainedUntilOf(times),
  curve: fits[0]?.curve ?? [],
  fitMs: Math.round(fits.reduce((sum, { fitMs }) => sum + fitMs, 0)),
})

const reporting = (
  { reportProgress }: RunFitPorts,
  { id, attempt }: Run,
  spec: RunSpec,
  place: Parameters<typeof timeLeftMs>[1],
  from: FitCheckpoint,
  trialOf: (progress: Progress) => string,
): FitPorts['report'] => {
  let allMs = from.fits.reduce((sum, { fitMs }) => sum + fitMs, 0)
  return async (progress, tookMs) => {
    allMs += tookMs
    const leftMs = timeLeftMs(spec, place, progress.done / Math.max(1, progress.of), allMs)
    await reportProgress(id, attempt, trialOf(progress), { ...progress, leftMs }, tookMs)
  }
}
