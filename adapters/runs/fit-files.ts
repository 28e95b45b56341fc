import { type FitCheckpoint, nothingFitted } from '../../src/run/trials/fit-parts.ts'
import type { DataBucket } from '../datasets/uploads.ts'
import { findRunJson, putRunJson, readRunJson } from './run-artifacts.ts'

const checkpointKey = (folder: string, number: number): string => `${folder}/checkpoints/${number}.json`
const numberOf = (key: string | null): number => Number(/checkpoints\/(\d+)\.json$/.exec(key ?? '')?.[1] ?? 0)
const endKey = (folder: string): string => `${folder}/fits.json`

type Status =
  | { readonly status: 'continue'; readonly checkpointKey: string }
  | { readonly status: 'done'; readonly checkpointKey: string }

/**
 * The checkpoints of one list of fits, `checkpoints/{n}.json` and at the end `fits.json` in its folder. All are put if
 * absent: two functions that fit the same write states of the same fit, so the first one's is as good.
 */
export const fitFiles = (place: DataBucket) => (folder: string) => {
  const find = findRunJson(place)<FitCheckpoint>
  const put = putRunJson(place)
  let last = 0
  /** The furthest that was kept from checkpoint `known` on, in this attempt or an earlier one. */
  const furthest = async (known: string | null): Promise<FitCheckpoint | undefined> => {
    const end = await find(endKey(folder))
    if (end) return end
    last = numberOf(known)
    let found = last === 0 ? undefined : await readRunJson(place)<FitCheckpoint>(checkpointKey(folder, last))
    for (let next = found; ; found = next) {
      next = await find(checkpointKey(folder, last + 1))
      if (next === undefined) return found
      last += 1
    }
  }
  const save = async (checkpoint: FitCheckpoint): Promise<void> => {
    last += 1
    await put(checkpointKey(folder, last), checkpoint)
  }
  return {
    furthest,
    save,
    /** What the fits of an earlier round reached, to go on from. */
    after: async (earlier: string | undefined): Promise<FitCheckpoint> =>
      earlier === undefined ? nothingFitted : { ...((await find(endKey(earlier))) ?? nothingFitted), ended: 0 },
    /** Keeps where the fits stand, and says whether all `parts` have ended. */
    pause: async (checkpoint: FitCheckpoint, parts: number): Promise<Status> => {
      const isDone = checkpoint.ended === parts
      if (isDone) return { status: 'done', checkpointKey: await put(endKey(folder), checkpoint) }
      await save(checkpoint)
      return { status: 'continue', checkpointKey: checkpointKey(folder, last) }
    },
  }
}
