import { type Choice, choose } from '../blend/choose.ts'
import { withSeeds } from '../blend/seeds.ts'
import type { Prepared } from '../prepared.ts'
import { selectValues } from '../select-rows.ts'
import { type RunSpec, trialById } from '../spec.ts'
import { linkOf } from './fit-trial.ts'
import { decodeHeld } from './oof-file.ts'
import type { TrialScore } from './score.ts'

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
    const trials = alike.map(
      ({ trialId, algorithm, hyper, iterations, optimism, sizeBytes, latencyMs, spread, fitMs }, at) => ({
        trialId,
        algorithm,
        hyper,
        iterations,
        fitMs,
        ...(optimism !== undefined && { optimism }),
        ...(spread !== undefined && { spread }),
        ...(sizeBytes !== undefined && { sizeBytes }),
        ...(latencyMs !== undefined && { latencyMs }),
        margins: held[at]!.margins,
      }),
    )
    const { rows } = held[0]!
    const choice = choose({
      trials,
      y: selectValues(y, rows),
      ...(weights && { weights: selectValues(weights, rows) }),
      link,
      plan: spec.plan,
      request: spec.choice,
      seed: spec.seed,
    })
    // A trial that was asked for alone is fitted as it was asked for.
    const single = spec.choice.ensemble === false || spec.trials.length === 1
    return single ? choice : withSeeds(choice, trials, y.length, spec.choice.limits)
  }

const alone = ({ trialId, iterations }: TrialScore): Choice => ({
  members: [{ trialId, weight: 1, iterations }],
  leaderboard: [],
  notices: [`${trialId} is taken unseen: no rows could be held back to judge it`],
})
