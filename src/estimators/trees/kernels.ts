import { treeKernels } from '../kernels/generated/trees.ts'

type Pass = (...given: number[]) => void
type Answer = (...given: number[]) => number

/** Exports of src/estimators/kernels; addresses are bytes of the shared memory. */
export type Kernels = {
  readonly histogram8Narrow: Pass
  readonly histogram4Narrow: Pass
  readonly histogram4Wide: Pass
  readonly histogram1Narrow: Pass
  readonly histogram1Wide: Pass
  readonly clear: Pass
  readonly copy: Pass
  readonly subtract: Pass
  readonly gatherNarrow: Pass
  readonly gatherWide: Pass
  readonly runningNarrow: Pass
  readonly runningWide: Pass
  readonly threshold: Answer
  readonly thresholdOfRows: Answer
  readonly sort: Answer
  readonly bin: Pass
  readonly binLevels: Pass
  readonly exponentials: Pass
  readonly logistic: Pass
  readonly residuals: Answer
  readonly largest: Answer
  readonly packNarrow: Pass
  readonly packWide: Pass
  readonly divide: Answer
  readonly placeReversed: Pass
  readonly addToRows: Pass
  readonly route: Pass
}

let compiled: WebAssembly.Module | undefined

const moduleOf = (): WebAssembly.Module => {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(treeKernels), (char) => char.charCodeAt(0)))
  return compiled
}

/** The kernels over one memory; each thread has its own instance. */
export const openKernels = (memory: WebAssembly.Memory): Kernels => {
  // The exports are those of the committed module, which `npm run check` compares with its source.
  const { exports } = new WebAssembly.Instance(moduleOf(), { env: { memory } })
  return exports as unknown as Kernels
}
