/**
 * The items of a Map: from Items, the input, or an object in S3; then ItemSelector and ItemBatcher.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
 */
import { parse as parseCsv } from 'csv-parse/sync'
import type { MapState, ReaderConfig } from './definition.ts'
import { evaluate, type Json } from './expression.ts'
import { dataSizeBytes } from './limits.ts'
import type { Visit } from './run.ts'
import { StateError } from './state-error.ts'

/** An iteration's input, and what the context shows as Map.Item. */
export type Item = { readonly index: number; readonly value: Json; readonly input: Json }

export const mapItems = async (visit: Visit<MapState>): Promise<readonly Item[]> => {
  const { state, input, context, variables } = visit
  const states = { input, context }
  const given =
    state.ItemReader !== undefined
      ? await read(visit)
      : state.Items === undefined
        ? input
        : await evaluate(state.Items, states, variables)
  if (!Array.isArray(given)) {
    throw new StateError('States.QueryEvaluationError', `state ${visit.name}: expected an array of items`)
  }
  const items: Item[] = []
  for (const [index, value] of (given as readonly Json[]).entries()) {
    const itemStates = { input, context: { ...context, Map: { Item: { Index: index, Value: value } } } }
    const selected =
      state.ItemSelector === undefined ? value : await evaluate(state.ItemSelector, itemStates, variables)
    items.push({ index, value, input: selected })
  }
  return state.ItemBatcher === undefined ? items : batch(visit, items, state.ItemBatcher)
}

const batch = async (
  { input, context, variables, name }: Visit<MapState>,
  items: readonly Item[],
  batcher: NonNullable<MapState['ItemBatcher']>,
): Promise<readonly Item[]> => {
  const states = { input, context }
  const bound = async (template: unknown, otherwise: number) =>
    template === undefined ? otherwise : Number(await evaluate(template, states, variables))
  const most = await bound(batcher.MaxItemsPerBatch, Number.POSITIVE_INFINITY)
  const mostBytes = await bound(batcher.MaxInputBytesPerBatch, dataSizeBytes)
  const { BatchInput } = batcher
  const common = BatchInput === undefined ? {} : { BatchInput: await evaluate(BatchInput, states, variables) }
  const sizeOf = (members: readonly Json[]) => Buffer.byteLength(JSON.stringify({ ...common, Items: members }))
  const emptyBytes = sizeOf([])
  const batches: Json[][] = []
  let sizeBytes = emptyBytes
  for (const item of items) {
    const itemBytes = Buffer.byteLength(JSON.stringify(item.input)) + 1 // and its comma
    if (emptyBytes + itemBytes - 1 > mostBytes) {
      throw new StateError('States.ItemReaderFailed', `state ${name}: item ${item.index} exceeds ${mostBytes} bytes`)
    }
    const last = batches.at(-1)
    if (last === undefined || last.length >= most || sizeBytes + itemBytes - 1 > mostBytes) {
      batches.push([item.input])
      sizeBytes = emptyBytes + itemBytes
    } else {
      last.push(item.input)
      sizeBytes += itemBytes
    }
  }
  return batches.map((Items, index) => ({ index, value: { ...common, Items }, input: { ...common, Items } }))
}

const read = async ({ run, thread, state, input, context, variables }: Visit<MapState>): Promise<readonly Json[]> => {
  const reader = state.ItemReader!
  const config = reader.ReaderConfig ?? {}
  const states = { input, context }
  const location = (await evaluate(reader.Arguments ?? {}, states, variables)) as Readonly<Record<string, Json>>
  const most = config.MaxItems === undefined ? undefined : Number(await evaluate(config.MaxItems, states, variables))
  const { caller } = run.callOf(thread.signal, '')
  const { getObject, listObjectsV2 } = run.integrations
  try {
    if (reader.Resource.endsWith('listObjectsV2')) {
      return await listAll((token) => listObjectsV2(caller, { ...location, ...token }), most)
    }
    const object = await getObject(caller, location)
    const items = parse(config, Buffer.from(object.Body).toString('utf8'))
    return most === undefined ? items : items.slice(0, most)
  } catch (error) {
    throw new StateError('States.ItemReaderFailed', (error as Error).message)
  }
}

type Page = { readonly Contents?: readonly Json[]; readonly NextContinuationToken?: unknown }

const listAll = async (list: (token: object) => Promise<Page>, most = Number.POSITIVE_INFINITY) => {
  const objects: Json[] = []
  let token: object | undefined = {}
  while (token !== undefined && objects.length < most) {
    const page = await list(token)
    objects.push(...(JSON.parse(JSON.stringify(page.Contents ?? [])) as Json[]))
    const next = page.NextContinuationToken
    token = next === undefined ? undefined : { ContinuationToken: next }
  }
  return objects.slice(0, most)
}

const delimiters: Readonly<Record<string, string>> = {
  COMMA: ',',
  PIPE: '|',
  SEMICOLON: ';',
  SPACE: ' ',
  TAB: '\t',
}

const parse = (config: ReaderConfig, text: string): readonly Json[] => {
  if (config.InputType === 'JSONL') {
    return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line) as Json]))
  }
  if (config.InputType === 'CSV') {
    const delimiter = delimiters[config.CSVDelimiter ?? 'COMMA']
    if (delimiter === undefined) throw new Error(`CSVDelimiter ${config.CSVDelimiter} is not supported`)
    const columns = config.CSVHeaderLocation === 'GIVEN' ? [...(config.CSVHeaders ?? [])] : true
    return parseCsv(text, { columns, delimiter, bom: true }) as Json[]
  }
  const value = JSON.parse(text) as Json
  if (!Array.isArray(value)) throw new Error('expected a JSON array in the object')
  return value as readonly Json[]
}
