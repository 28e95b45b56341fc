import { type Choice, choose } from './choose.ts'
import { linkOf } from './fit-trial.ts'
import { decodeHeld } from './oof-file.ts'
import type { TrialScore } from './score.ts'
import { truthOf } from './score.ts'
import { type RunSpec, trialById } from './spec.ts'

/**
 * What becomes the model, among the trials of the last round that did not fail. Only those that share the link of the
 * best one can be blended, so the others are left out. y is that of the train part; `readHeld` answers a trial's oof.bin.
 */
export const chooseTrials =
  (readHeld: (trialId: string) => Promise<Uint8Array>) =>
  async (spec: RunSpec, scores: readonly TrialScore[], y: Float64Array): Promise<Choice> => {
    const ended = scores.filter(({ failure }) => failure === undefined)
    const ranked = ended.filter(({ loss }) => loss !== null).sort((a, b) => a.loss! - b.loss!)
    const [best] = ranked
    // Too few rows for any fold: nothing to compare by.
    if (!best) return alone(ended[0]!)
    const link = linkOf(spec, trialById(spec, best.trialId))
    const alike = ranked.filter(({ trialId }) => linkOf(spec, trialById(spec, trialId)) === link)
    const held = await Promise.all(alike.map(async ({ trialId }) => decodeHeld(await readHeld(trialId))))
    const trials = alike.map(({ loss: _, ...score }, at) => ({ ...score, margins: held[at]!.margins }))
    return choose({ trials, y: truthOf(y, held[0]!.rows), link, plan: spec.plan, seed: spec.seed })
  }

const alone = ({ trialId, iterations }: TrialScore): Choice => ({
  members: [{ trialId, weight: 1, iterations }],
  notices: [`${trialId} is taken unseen: no rows could be held back to judge it`],
})
