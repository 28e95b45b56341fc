import { type Choice, choose } from './choose.ts'
import { linkOf } from './fit-trial.ts'
import { decodeHeld } from './oof-file.ts'
import type { Prepared } from './prepared.ts'
import type { TrialScore } from './score.ts'
import { selectValues } from './select-rows.ts'
import { type RunSpec, trialById } from './spec.ts'

/**
 * What becomes the model, among the trials of the last round that did not fail. Only those that share the link of the
 * best one can be blended, so the others are left out. The rows are those of the train part; `readHeld` answers a trial's oof.bin.
 */
export const chooseTrials =
  (readHeld: (trialId: string) => Promise<Uint8Array>) =>
  async (
    spec: RunSpec,
    scores: readonly TrialScore[],
    { y, weights }: Pick<Prepared, 'y' | 'weights'>,
  ): Promise<Choice> => {
    const ended = scores.filter(({ failure }) => failure === undefined)
    const ranked = ended.filter(({ loss }) => loss !== null).sort((a, b) => a.loss! - b.loss!)
    const [best] = ranked
    // Too few rows for any fold: nothing to compare by.
    if (!best) return alone(ended[0]!)
    const link = linkOf(spec, trialById(spec, best.trialId))
    const alike = ranked.filter(({ trialId }) => linkOf(spec, trialById(spec, trialId)) === link)
    const held = await Promise.all(alike.map(async ({ trialId }) => decodeHeld(await readHeld(trialId))))
    const trials = alike.map(({ trialId, algorithm, hyper, iterations, sizeBytes, latencyMs, spread, fitMs }, at) => ({
      trialId,
      algorithm,
      hyper,
      iterations,
      fitMs,
      ...(spread !== undefined && { spread }),
      ...(sizeBytes !== undefined && { sizeBytes }),
      ...(latencyMs !== undefined && { latencyMs }),
      margins: held[at]!.margins,
    }))
    const { rows } = held[0]!
    return choose({
      trials,
      y: selectValues(y, rows),
      ...(weights && { weights: selectValues(weights, rows) }),
      link,
      plan: spec.plan,
      request: spec.choice,
      seed: spec.seed,
    })
  }

const alone = ({ trialId, iterations }: TrialScore): Choice => ({
  members: [{ trialId, weight: 1, iterations }],
  leaderboard: [],
  notices: [`${trialId} is taken unseen: no rows could be held back to judge it`],
})
