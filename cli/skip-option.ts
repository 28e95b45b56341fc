import { Option } from 'commander'
import { wrongUsage } from './failure.ts'

export const skipOption = (): Option =>
  new Option('--skip <rows>', 'leave out the first rows of the file: those that were answered before')

/** Rows that --skip leaves out of a file of `rows` rows. */
export const skippedOf = (skip: string | undefined, rows: number): number => {
  if (skip === undefined) return 0
  const count = /^\d+$/.test(skip) ? Number(skip) : Number.NaN
  if (count < rows) return count
  throw wrongUsage(`--skip: expected a whole number below the ${rows} rows of the file, got ${skip}`)
}
