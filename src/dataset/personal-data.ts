import { shellWord } from '../shell-word.ts'
import { digitsOf, iban, luhn, nationalId } from './checksums.ts'
import { type Column, cellReaderOf, columnLength } from './column.ts'

export type PersonalData = 'email' | 'phone' | 'card' | 'iban' | 'national id'

/** So many distinct texts tell what a column holds. */
const mostTexts = 1000
const leastTexts = 5
/** One checksum in ten fits by chance; nine of ten do not. */
const leastShare = 0.9

const email = /^[^\s@,;]+@[^\s@,;]+\.[A-Za-z]{2,}$/

const card = (text: string): boolean => {
  const digits = digitsOf(text)
  // The first digits of Visa, Mastercard, American Express, Discover and JCB: ISO/IEC 7812.
  return digits !== undefined && digits.length >= 13 && digits.length <= 19 && /^[23456]/.test(text) && luhn(digits)
}

/** ITU-T E.164: a plus and at most 15 digits; without the plus only where the marks or the column's name say so. */
const phone = (name: string): ((text: string) => boolean) => {
  const named = /phone|mobile|tel(efon|éfono|ephone)?$|^tel\b|fax|handy|cell_?(no|num)/i.test(name)
  return (text) => {
    if (!/^\+?[\d ()./-]{7,22}$/.test(text)) return false
    const digits = text.replace(/\D/g, '').length
    if (digits < 7 || digits > 15) return false
    return text.startsWith('+') || named || /^\(\d{2,5}\) ?\d/.test(text) || /^\d{3}-\d{3}-\d{4}$/.test(text)
  }
}

/** What personal data a column's distinct texts are, nine of ten of them; undefined when they are none that is known. */
export const personalDataOf = (name: string, column: Column): PersonalData | undefined => {
  const texts = someTexts(column)
  if (texts.length < leastTexts) return undefined
  const tests: readonly (readonly [PersonalData, (text: string) => boolean])[] = [
    ['email', (text) => email.test(text)],
    ['iban', iban],
    ['card', card],
    ['national id', nationalId],
    ['phone', phone(name)],
  ]
  return tests.find(([, test]) => texts.filter(test).length >= leastShare * texts.length)?.[0]
}

const someTexts = (column: Column): readonly string[] => {
  const texts = new Set<string>()
  const cell = cellReaderOf(column)
  const length = columnLength(column)
  for (let row = 0; row < length && texts.size < mostTexts; row++) {
    const value = cell(row)
    if (value === null || value === undefined || typeof value === 'boolean') continue
    // A measurement has a fraction, or is short.
    if (typeof value === 'number' && (!Number.isInteger(value) || value < 1e7)) return []
    const text = String(value).trim()
    if (text !== '') texts.add(text)
  }
  return [...texts]
}

/** What the owner should know of it. */
export const personalDataNotice = (name: string, data: PersonalData): string =>
  `column ${name}: its cells look like personal data (${data}); --drop ${shellWord(name)} leaves it out`
