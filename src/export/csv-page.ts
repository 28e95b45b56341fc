import { PercallError } from '../errors.ts'

/** What a page of CSV ended with: the next one begins behind it. */
export type CsvPlace = {
  readonly hour: string
  /** A consumer, or a consumer's chain. */
  readonly key: string
  /** Of the last row in a chain. */
  readonly number?: number
}

export type CsvPage = { readonly text: string; readonly next?: CsvPlace }

/** A part of a page and where it ends. */
export type CsvPart = { readonly text: string; readonly place: CsvPlace }

/** Of text, before it is compressed: the gateway's answers hold 6 MB. */
const pageCharacters = 2_000_000

const separator = '\n'

export const writePlace = ({ hour, key, number }: CsvPlace): string =>
  [hour, key, ...(number === undefined ? [] : [number])].join(separator)

/** Throws BAD_REQUEST for what no page gave. */
export const readPlace = (text: string): CsvPlace => {
  const [hour = '', key = '', number, ...rest] = text.split(separator)
  if (hour === '' || key === '' || rest.length > 0 || (number !== undefined && !/^\d{1,10}$/.test(number)))
    throw new PercallError('BAD_REQUEST', `next: expected the word that the last page gave, got ${text}`)
  return { hour, key, ...(number !== undefined && { number: Number(number) }) }
}

/** Takes parts until a page is full, or its time is over. */
export const csvPage = async (
  header: string,
  parts: AsyncIterable<CsvPart>,
  hasTime: () => boolean,
): Promise<CsvPage> => {
  const texts = [header]
  let length = header.length
  for await (const { text, place } of parts) {
    texts.push(text)
    length += text.length
    if (length >= pageCharacters || !hasTime()) return { text: texts.join(''), next: place }
  }
  return { text: texts.join('') }
}
