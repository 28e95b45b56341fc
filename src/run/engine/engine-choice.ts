import type { Engine, JobSize } from './engine-sizes.ts'

/** Where a run fits, what that takes by the cost model, and why it is there. */
export type EngineChoice = {
  readonly name: Engine
  readonly reason: string
  /** Expected peak of the largest fit. */
  readonly memoryMb: number
  /** Memory of what runs it times the expected time of all fits. */
  readonly gbSeconds: number
  /** Decimal USD: AWS's price on demand in `priceRegion`. */
  readonly costUsd: string
  readonly priceRegion: string
  /** What a job of the run gets; absent on lambda, whose size is fixed. */
  readonly job?: Pick<JobSize, 'vcpus' | 'memoryMb' | 'instance'>
}
