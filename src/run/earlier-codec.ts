import type { Codec } from '../dataset/codec.ts'
import { isTabular } from '../registry/manifest.ts'
import type { LiveVersion } from './judge/live.ts'

/** The codec of the live version where it predicts the same target: a retrained model reads its columns as before. */
export const earlierCodec = (live: Pick<LiveVersion, 'manifest'> | undefined, target: string): Codec | undefined => {
  const manifest = live?.manifest
  return manifest && isTabular(manifest) && manifest.target.name === target ? manifest.codec : undefined
}
