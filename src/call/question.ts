import type { Tensor } from '../tensor/tensor.ts'
import type { RunRows } from './converse.ts'
import type { Encoded } from './encoded.ts'
import type { Runs } from './infer-runs.ts'

/** A request as its protocol read it: what to run, and how to write the answer. */
export type Question = {
  readonly inputs: readonly Tensor[]
  /** Names of the wanted outputs. */
  readonly outputs: readonly string[]
  readonly rows: number
  /** As a tokenizer counted them; absent where no text was read. */
  readonly tokens?: number
  /** Where one run would be too large: all runs, `inputs` being those of the first; `encode` gets what they keep. */
  readonly runs?: Runs
  /** The rows are explained, and charged as such. */
  readonly explained?: true
  /** Throws what the call would refuse before anything is run, where reading alone does not tell it. */
  readonly check?: () => Promise<void>
  /**
   * Where runs follow from one another: asks for them and writes the answer. `inputs` are then the caller's rows, which are
   * run as far as it asks for them, and `encode` is not called.
   */
  readonly converse?: (runRows: RunRows) => Promise<Encoded>
  readonly encode: (outputs: readonly Tensor[]) => Encoded
}
