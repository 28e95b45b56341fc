import { PercallError } from '../errors.ts'
import { shellWord } from '../shell-word.ts'
import { type CountedText, cellCount } from './column-texts.ts'
import { dateParser, isoFormat } from './date-cell.ts'

const days = [
  'YYYY/MM/DD',
  'YYYY.MM.DD',
  'DD/MM/YYYY',
  'MM/DD/YYYY',
  'DD-MM-YYYY',
  'MM-DD-YYYY',
  'DD.MM.YYYY',
  'DD/MM/YY',
  'MM/DD/YY',
  'DD MMM YYYY',
  'DD-MMM-YYYY',
  'DD-MMM-YY',
  'MMM DD, YYYY',
  'MMM DD YYYY',
  'YYYY-MMM-DD',
]
const times = ['', ' HH:mm', ' HH:mm:ss', ' hh:mm A', ' hh:mm:ss A', 'THH:mm:ss']
/** ISO 8601's basic form has no marks; without a time it is a whole number. */
const compact = ['YYYYMMDDTHHmmss', 'YYYYMMDDTHHmmssZ']
const formats = [isoFormat, ...days.flatMap((day) => times.map((time) => day + time)), ...compact].map((format) => ({
  format,
  parse: dateParser(format)!,
}))

/** Any date begins with a digit or a month's name, and is short. */
const looksLikeDate = /^(\d{1,4}[-/. T]|\d{8}T|\d{1,2} ?[A-Za-z]{3}|[A-Za-z]{3,9}\.? \d)/

type Place = (row: number) => string

/** Share of cells of one format above which others are a fault of the file. */
const strayShare = 0.95
const strayDates = 20

/**
 * The one format that reads all texts, or undefined. A value above 12 settles whether day or month comes first;
 * otherwise it throws BAD_TABLE, which names --date-format, as it does for dates in several spellings.
 */
export const inferDateFormat = (name: string, texts: readonly CountedText[], place: Place): string | undefined => {
  const [first] = texts
  if (first === undefined || !looksLikeDate.test(first.text)) return undefined
  const fitting = formats.filter(({ parse }) => texts.every(({ text }) => parse(text) !== undefined))
  if (fitting.length === 0) {
    refuseSpellings(name, texts, place)
    return undefined
  }
  const [{ format, parse }] = fitting as [(typeof formats)[number]]
  const other = fitting.find((one) => texts.some(({ text }) => one.parse(text) !== parse(text)))
  if (other === undefined) return format
  const { text } = texts.find((one) => other.parse(one.text) !== parse(one.text))!
  throw new PercallError(
    'BAD_TABLE',
    `column ${name}: expected dates with one reading, got ${text}, which fits ${format} and ${other.format}; name it with --date-format ${shellWord(`${name}=${format}`)}`,
  )
}

/** Throws when all texts are dates but of no one format, or when nearly all are of one. */
const refuseSpellings = (name: string, texts: readonly CountedText[], place: Place): void => {
  const cells = cellCount(texts)
  const most = formats
    .map(({ format, parse }) => ({ format, fits: texts.filter(({ text }) => parse(text) !== undefined) }))
    .filter(({ fits }) => fits.length > 0)
    .reduce((best, one) => (best === undefined || cellCount(one.fits) > cellCount(best.fits) ? one : best), none)
  if (most === undefined) return
  const strays = texts.filter((one) => !most.fits.includes(one))
  const isMixed = strays.every(({ text }) => formats.some(({ parse }) => parse(text) !== undefined))
  const isNearlyAll = cellCount(most.fits) > strayShare * cells && most.fits.length > strayDates
  if (!isMixed && !isNearlyAll) return
  const { text, row } = strays[0]!
  const { length } = text
  throw new PercallError(
    'BAD_TABLE',
    `${place(row)}, column ${name}: expected a date as ${most.format}, as in ${cellCount(most.fits)} of ${cells} cells, got ${JSON.stringify(length > 60 ? `${text.slice(0, 60)}...` : text)}; write all dates alike, or name the column's kind (--type ${shellWord(`${name}=category`)})`,
  )
}

const none = undefined as { readonly format: string; readonly fits: readonly CountedText[] } | undefined
