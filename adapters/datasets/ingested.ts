import type { DatasetVersion } from '../../src/dataset/dataset.ts'
import type { Profile } from '../../src/dataset/profile.ts'

/** What became of a file. */
export type Ingested = {
  readonly version: DatasetVersion
  /** False when the latest version has the same bytes: then it is that one. */
  readonly isNew: boolean
  readonly profile?: Profile
  /** Why there is no profile. */
  readonly notice?: string
}
