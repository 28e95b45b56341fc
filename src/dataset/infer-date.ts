import { PercallError } from '../errors.ts'
import { dateParser, isoFormat } from './date-cell.ts'

const days = ['YYYY/MM/DD', 'YYYY.MM.DD', 'DD/MM/YYYY', 'MM/DD/YYYY', 'DD-MM-YYYY', 'MM-DD-YYYY', 'DD.MM.YYYY']
const times = ['', ' HH:mm', ' HH:mm:ss']
const formats = [isoFormat, ...days.flatMap((day) => times.map((time) => day + time))].map((format) => ({
  format,
  parse: dateParser(format)!,
}))

/**
 * The one format that reads all texts, or undefined. A value above 12 settles whether day or month comes first;
 * otherwise it throws BAD_TABLE, which names --date-format.
 */
export const inferDateFormat = (name: string, texts: readonly string[]): string | undefined => {
  const fitting = formats
    .filter(({ parse }) => texts.every((text) => parse(text) !== undefined))
    .map(({ format }) => format)
  if (texts.length === 0 || fitting.length === 0) return undefined
  if (fitting.length === 1) return fitting[0]
  throw new PercallError(
    'BAD_TABLE',
    `column ${name}: expected dates with one reading, got ${texts[0]}, which fits ${fitting.join(' and ')}; name it with --date-format "${name}=${fitting[0]}"`,
  )
}
