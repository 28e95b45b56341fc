import type { Version } from './version.ts'

// The rest is Node with the SDK, bodies of calls, and sessions of other models: adapters/wiring/predict.ts.
const shareForOneModel = 0.6

/** The most memory that one model may have taken in its probe to be served by a function of this size. */
export const mostModelMb = (functionMb: number): number => Math.floor(functionMb * shareForOneModel)

/** Whether a version took more memory in its probe than the small predict function gives one model. */
export const needsLarge = ({ serving }: Pick<Version, 'serving'>, smallModelMb: number): boolean =>
  (serving?.peakMb ?? 0) > smallModelMb

/** A call that the function cannot serve for its size: thrown once the caller's grant is checked, before anything is charged. */
export class NeedsLarge extends Error {
  constructor({ model, number }: Pick<Version, 'model' | 'number'>) {
    super(`model ${model}/${number}: expected the large predict function`)
    this.name = 'NeedsLarge'
  }
}
