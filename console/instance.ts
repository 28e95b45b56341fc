import type { TensorBody } from '../client/bodies.ts'

/** What the reader typed into the fields, by input name. */
export type Typed = Readonly<Record<string, string>>

/** An input, and for a trained model how the cells of its column are read. */
export type Field = TensorBody & { readonly kind?: string; readonly format?: string }

/** What the page reads of a model's metadata. */
export type ModelMetadata = {
  readonly inputs: readonly TensorBody[]
  readonly parameters?: { readonly columns?: readonly Pick<Field, 'name' | 'kind' | 'format'>[] }
}

/** The inputs of a model in its order, with the kinds of its columns if it has any. */
export const fieldsOf = ({ inputs, parameters }: ModelMetadata): readonly Field[] => {
  const columns = new Map(parameters?.columns?.map((column) => [column.name, column]))
  return inputs.map((input) => ({ ...input, ...columns.get(input.name) }))
}

const cellOf = ({ datatype, kind }: Field, text: string): unknown => {
  if (text.trim() === '') return null
  // Text that happens to be digits stays text, and so does a date such as 20240131.
  if (kind === 'date' || (datatype === 'BYTES' && !text.trimStart().startsWith('['))) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Fields -> one instance of `:predict`: numbers and arrays as JSON, all else as text, empty ones as missing. */
export const instanceOf = (fields: readonly Field[], typed: Typed): Readonly<Record<string, unknown>> =>
  Object.fromEntries(fields.map((field) => [field.name, cellOf(field, typed[field.name] ?? '')]))

const examples = new Map([
  ['integer', 'a whole number'],
  ['numeric', 'a number'],
  ['boolean', 'true or false'],
  ['category', 'text'],
])

/** An example of what an input takes: a column's cell by its kind, or nested lists for a tensor. */
export const placeholderOf = ({ datatype, shape, kind, format }: Field): string => {
  if (kind === 'date') return format === undefined || format === 'ISO' ? 'YYYY-MM-DD' : format
  const example = examples.get(kind ?? '')
  if (example !== undefined) return example
  // The first dimension counts rows, and a column has one value a row.
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
