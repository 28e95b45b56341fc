import type { TensorBody } from '../client/bodies.ts'

/** What the reader typed into the fields, by input name. */
export type Typed = Readonly<Record<string, string>>

const cellOf = (datatype: string, text: string): unknown => {
  if (text.trim() === '') return null
  // Text that happens to be digits stays text; a date of a trained model is text too, although its input is INT64.
  if (datatype === 'BYTES' && !text.trimStart().startsWith('[')) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Fields -> one instance of `:predict`: numbers and arrays as JSON, all else as text, empty ones as missing. */
export const instanceOf = (inputs: readonly TensorBody[], typed: Typed): Readonly<Record<string, unknown>> =>
  Object.fromEntries(inputs.map(({ name, datatype }) => [name, cellOf(datatype, typed[name] ?? '')]))

/** An example of what an input takes: a column's cell, or nested lists for a tensor. */
export const placeholderOf = ({ datatype, shape }: TensorBody): string => {
  // The first dimension counts rows, and a column of a trained model has one value a row.
  const inner = shape.slice(1).filter((size, _, all) => !(all.length === 1 && size === 1))
  const one = datatype === 'BYTES' ? 'text' : '0'
  const cell = inner.reduceRight<string>(
    (text, size) =>
      `[${Array(Math.min(Math.max(size, 1), 3))
        .fill(text)
        .join(', ')}]`,
    one,
  )
  return `${cell}  (${datatype})`
}

const inQuotes = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** The call as a line for a shell. The key is left to a variable, so that the line can be shared. */
export const curlLine = (url: string, model: string, instance: Readonly<Record<string, unknown>>): string =>
  [
    `curl ${url}/v1/models/${encodeURIComponent(model)}:predict \\`,
    '  -H "Authorization: Bearer $PERCALL_KEY" -H "Content-Type: application/json" \\',
    `  -d ${inQuotes(JSON.stringify({ instances: [instance] }))}`,
  ].join('\n')
