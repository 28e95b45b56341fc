import type { Matrix } from '../../estimators/estimator.ts'
import { blendMargins } from '../blend/blend.ts'
import { calibrate } from '../blend/calibrator.ts'
import type { Choice } from '../blend/choose.ts'
import { applyLink, type Link } from '../blend/link.ts'
import type { OutOfFold } from '../judge/judge.ts'

/** The chosen model's answers on rows that its fits have not seen, from the trials' margins of those rows. */
export const outOfFoldAnswers = (
  { members, calibrator, threshold }: Pick<Choice, 'members' | 'calibrator' | 'threshold'>,
  marginsOf: (trialId: string) => Matrix,
  link: Link,
  rows: Pick<OutOfFold, 'truth' | 'weights'>,
): OutOfFold => {
  const blended = blendMargins(members.map(({ trialId, weight }) => ({ weight, margins: marginsOf(trialId) })))
  return {
    values: applyLink(link, calibrator ? calibrate(calibrator, blended) : blended),
    ...rows,
    ...(threshold !== undefined && { threshold }),
  }
}
