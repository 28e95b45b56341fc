import type { Signature } from './signature.ts'

/**
 * What running a file once showed: kept on the version as `Version.serving`, read by whoever runs it.
 * Versions made before probes existed have none, and run inline from model.onnx.
 */
export type ProbeReport = {
  readonly signature: Signature
  /** 'child': runs in a child process that is killed at the time limit (Loop, Scan, If, value-dependent sizes, or not probed within bounds). */
  readonly isolation: 'inline' | 'child'
  readonly why?: string
  /** Most input elements of one call that ran within the bounds; an inline version's larger calls run in a child too. */
  readonly probedElements: number
  readonly loadMs: number
  readonly inferMs: number
  readonly peakMb: number
  /** The pre-optimised file, checked against the original on probe inputs; absent where the runtime cannot write or trust one. */
  readonly ort?: {
    readonly key: string
    readonly digest: string
    readonly sizeBytes: number
    readonly maxDifference: number
  }
  /** The file with FP32 in the place of BF16 at its edges (src/onnx/bfloat16-edges.ts), where it serves and not `ort`. */
  readonly rewritten?: { readonly key: string; readonly digest: string; readonly sizeBytes: number }
}

/** The file beside model.onnx that serves; undefined where model.onnx does. */
export const servedFile = ({ ort, rewritten }: Pick<ProbeReport, 'ort' | 'rewritten'>): ProbeReport['rewritten'] =>
  ort ?? rewritten

/** An object below quarantine/ of the data bucket, and the SHA-256 that its bytes must have (lower-case hex). */
export type ProbeEvent = {
  readonly key: string
  readonly digest: string
  readonly versionId?: string
  /** No pre-optimised file is made. */
  readonly asItIs?: boolean
}

/** What a version keeps of its probe: how it is run, what one run took, and the pre-optimised file. */
export type Serving = Omit<ProbeReport, 'signature' | 'ort' | 'rewritten'> & {
  readonly ort?: Omit<NonNullable<ProbeReport['ort']>, 'key'>
  readonly rewritten?: Omit<NonNullable<ProbeReport['rewritten']>, 'key'>
}
