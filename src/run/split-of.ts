import type { ColumnProfile, Profile } from '../dataset/profile.ts'
import type { Split, SplitMethod } from '../dataset/split.ts'
import { PercallError } from '../errors.ts'

/** What a request says of the split; `gapSeconds` is of `split.gap`. */
type Asked = {
  readonly method: SplitMethod
  readonly key?: string | undefined
  readonly column?: string | undefined
}

/** The split of a run, with how its column of times is read. Throws BAD_RUN, UNKNOWN_COLUMN. */
export const splitOf = ({ method, key, column }: Asked, { columns }: Profile, gapSeconds = 0): Split => {
  if (method !== 'time' && method !== 'group') return { method, ...(key !== undefined && { key }) }
  const found = columns.find(({ name }) => name === column)
  if (column === undefined) throw new PercallError('BAD_RUN', `split ${method}: expected its column, got none`)
  if (found === undefined) {
    const names = columns.map(({ name }) => name).join(', ')
    throw new PercallError('UNKNOWN_COLUMN', `split ${method}: expected one of ${names}, got ${column}`)
  }
  if (method === 'group') return { method, group: column }
  return { method, time: timeCodec(found), ...(gapSeconds > 0 && { gap: gapSeconds }) }
}

const timeCodec = ({ name, codec }: ColumnProfile) => {
  const kind = codec?.kind
  if (codec && (kind === 'date' || kind === 'integer')) return codec
  // float64: times that are told apart must stay apart.
  if (codec?.kind === 'numeric') return { ...codec, datatype: 'FP64' as const }
  throw new PercallError(
    'BAD_RUN',
    `split time: expected column ${name} to hold dates or numbers, got ${kind ?? 'missing cells only'}; name its format with --date-format`,
  )
}
