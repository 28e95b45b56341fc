import type { Manifest } from '../registry/manifest.ts'
import type { Version } from '../registry/version.ts'

/** A version that can be called, with its manifest when it has one. */
export type Deployed = {
  readonly version: Version
  readonly manifest?: Manifest
  /** The owner asked for the inputs of its calls in the log. */
  readonly logInputs?: boolean
  /** The owner keeps explanations. */
  readonly explain?: 'owner'
}
