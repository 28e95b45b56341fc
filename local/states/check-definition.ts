/**
 * Checks a definition when its machine is added, so that nothing unknown is found only while it runs.
 * Does: every field of every state by name, JSONata only, expressions that compile, targets of transitions, variable
 * scopes, resources. Does not: types of every value (asl-validator does that in the tests of the stacks).
 */
import { AwsError } from '../service.ts'
import type { Definition } from './definition.ts'
import { compile, expressionOf } from './expression.ts'
import { integrationNames } from './integrations.ts'

/** The definition of a JSON text. Throws AwsError InvalidDefinition that names machine, state and field. */
export const checkDefinition = (machine: string, text: string): Definition => {
  let definition: Members
  try {
    definition = JSON.parse(text)
  } catch (error) {
    throw invalid(machine, `expected JSON, got ${(error as Error).message}`)
  }
  onlyFields(machine, definition, ['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds', 'Version'])
  checkScope(machine, definition, definition.QueryLanguage === 'JSONata', new Set())
  return definition as unknown as Definition // its shape was checked above
}

type Members = Readonly<Record<string, unknown>>

const invalid = (where: string, what: string) => new AwsError('InvalidDefinition', `state machine ${where}: ${what}`)

const onlyFields = (where: string, members: Members, fields: readonly string[]) => {
  for (const name of Object.keys(members)) {
    if (!fields.includes(name)) throw invalid(where, `field ${name} is not supported here`)
  }
}

const common = ['Type', 'Comment', 'QueryLanguage']
const going = [...common, 'Next', 'End', 'Output', 'Assign']
const catching = [...going, 'Retry', 'Catch']

// HeartbeatSeconds needs activities or task tokens, Credentials another account: neither runs here.
const fieldsByType: Readonly<Record<string, readonly string[]>> = {
  Task: [...catching, 'Resource', 'Arguments', 'TimeoutSeconds'],
  Parallel: [...catching, 'Branches', 'Arguments'],
  Map: [
    ...catching,
    ...['Items', 'ItemReader', 'ItemSelector', 'ItemBatcher', 'ItemProcessor', 'ResultWriter', 'Label'],
    ...['MaxConcurrency', 'ToleratedFailureCount', 'ToleratedFailurePercentage'],
  ],
  Choice: [...common, 'Choices', 'Default', 'Output', 'Assign'],
  Wait: [...going, 'Seconds', 'Timestamp'],
  Pass: going,
  Succeed: [...common, 'Output'],
  Fail: [...common, 'Error', 'Cause'],
}

const listOf = (value: unknown): readonly Members[] => (Array.isArray(value) ? value : [])

const checkScope = (where: string, scope: Members, jsonata: boolean, outerNames: ReadonlySet<string>): void => {
  const states = scope.States as Readonly<Record<string, Members>> | undefined
  if (states === undefined || Object.keys(states).length === 0) throw invalid(where, 'expected States, got none')
  const names = new Set(outerNames)
  for (const state of Object.values(states)) for (const name of assignedNames(state)) names.add(name)
  const target = (place: string, name: unknown) => {
    if (typeof name !== 'string' || !Object.hasOwn(states, name)) throw invalid(place, `no state ${name} to go to`)
  }
  target(`${where} StartAt`, scope.StartAt)
  for (const [name, state] of Object.entries(states)) {
    const place = `${where} state ${name}`
    const fields = fieldsByType[String(state.Type)]
    if (fields === undefined) throw invalid(place, `Type ${state.Type} is not supported`)
    if (state.QueryLanguage === undefined ? !jsonata : state.QueryLanguage !== 'JSONata') {
      throw invalid(place, 'QueryLanguage JSONPath is not supported, expected JSONata')
    }
    onlyFields(place, state, fields)
    for (const variable of assignedNames(state)) {
      // https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html: scopes do not share names.
      if (outerNames.has(variable)) throw invalid(place, `variable ${variable} is assigned in an outer scope`)
      if (!/^[\p{ID_Start}_][\p{ID_Continue}]{0,79}$/u.test(variable) || variable === 'states') {
        throw invalid(place, `${variable} is not a name of a variable`)
      }
    }
    if (fields.includes('Next') && state.End !== true) target(place, state.Next)
    for (const rule of [...listOf(state.Choices), ...listOf(state.Catch)]) target(place, rule.Next)
    if (state.Default !== undefined) target(place, state.Default)
    checkParts(place, state, names)
    checkExpressions(place, state)
  }
}

const assignedNames = (state: Members): readonly string[] =>
  [state, ...listOf(state.Choices), ...listOf(state.Catch)].flatMap((part) => Object.keys(part.Assign ?? {}))

const checkParts = (place: string, state: Members, names: ReadonlySet<string>) => {
  for (const rule of listOf(state.Choices)) {
    onlyFields(`${place} Choices`, rule, ['Condition', 'Next', 'Output', 'Assign', 'Comment'])
    if (rule.Condition === undefined) throw invalid(place, 'expected a Condition in each of Choices, got none')
  }
  for (const catcher of listOf(state.Catch)) {
    onlyFields(`${place} Catch`, catcher, ['ErrorEquals', 'Next', 'Output', 'Assign', 'Comment'])
  }
  const retryFields = ['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds']
  for (const retrier of listOf(state.Retry)) {
    onlyFields(`${place} Retry`, retrier, [...retryFields, 'JitterStrategy', 'Comment'])
  }
  if (state.Type === 'Task' && !integrationNames.includes(String(state.Resource))) {
    throw invalid(place, `Resource ${state.Resource} is not supported, expected one of ${integrationNames.join(', ')}`)
  }
  if (state.Type === 'Wait' && (state.Seconds === undefined) === (state.Timestamp === undefined)) {
    throw invalid(place, 'expected one of Seconds and Timestamp')
  }
  for (const [i, branch] of listOf(state.Branches).entries()) {
    onlyFields(`${place} branch ${i}`, branch, ['StartAt', 'States', 'Comment', 'QueryLanguage'])
    checkScope(`${place} branch ${i}`, branch, branch.QueryLanguage === 'JSONata' || isJsonata(branch), names)
  }
  if (state.Type === 'Map') checkMap(place, state, names)
}

// A state that was accepted is JSONata, and its inner states take that language unless they name another.
const isJsonata = (scope: Members) => scope.QueryLanguage === undefined

const mapParts: Readonly<Record<string, readonly string[]>> = {
  ItemReader: ['Resource', 'Arguments', 'ReaderConfig'],
  ItemBatcher: ['MaxItemsPerBatch', 'MaxInputBytesPerBatch', 'BatchInput'],
  ResultWriter: ['Resource', 'Arguments', 'WriterConfig'],
}
const readerResources = ['arn:aws:states:::s3:getObject', 'arn:aws:states:::s3:listObjectsV2']

const checkMap = (place: string, state: Members, names: ReadonlySet<string>) => {
  const body = (state.ItemProcessor ?? {}) as Members
  const config = (body.ProcessorConfig ?? {}) as Members
  const distributed = config.Mode === 'DISTRIBUTED'
  onlyFields(`${place} ItemProcessor`, body, ['StartAt', 'States', 'Comment', 'QueryLanguage', 'ProcessorConfig'])
  onlyFields(`${place} ProcessorConfig`, config, ['Mode', 'ExecutionType'])
  if (distributed && !['STANDARD', 'EXPRESS'].includes(String(config.ExecutionType))) {
    throw invalid(place, `ExecutionType ${config.ExecutionType}: expected STANDARD or EXPRESS`)
  }
  for (const [part, fields] of Object.entries(mapParts)) {
    if (state[part] === undefined) continue
    if (!distributed) throw invalid(place, `${part} needs ProcessorConfig.Mode DISTRIBUTED`)
    onlyFields(`${place} ${part}`, state[part] as Members, fields)
  }
  for (const name of ['ToleratedFailureCount', 'ToleratedFailurePercentage']) {
    if (!distributed && state[name] !== undefined)
      throw invalid(place, `${name} needs ProcessorConfig.Mode DISTRIBUTED`)
  }
  const reader = state.ItemReader as Members | undefined
  if (reader !== undefined) {
    if (state.Items !== undefined) throw invalid(place, 'expected one of Items and ItemReader, got both')
    if (!readerResources.includes(String(reader.Resource))) {
      throw invalid(place, `ItemReader Resource ${reader.Resource}: expected one of ${readerResources.join(', ')}`)
    }
    const readerConfig = (reader.ReaderConfig ?? {}) as Members
    const csv = ['CSVHeaderLocation', 'CSVHeaders', 'CSVDelimiter']
    onlyFields(`${place} ReaderConfig`, readerConfig, ['InputType', 'MaxItems', ...csv])
    const types: readonly unknown[] = reader.Resource === readerResources[0] ? ['JSON', 'JSONL', 'CSV'] : [undefined]
    if (!types.includes(readerConfig.InputType)) {
      throw invalid(place, `ReaderConfig InputType ${readerConfig.InputType} is not supported here`)
    }
  }
  const writer = state.ResultWriter as Members | undefined
  if (writer !== undefined) {
    if (writer.Resource !== 'arn:aws:states:::s3:putObject') {
      throw invalid(place, `ResultWriter Resource ${writer.Resource}: expected arn:aws:states:::s3:putObject`)
    }
    if (writer.WriterConfig !== undefined) throw invalid(place, 'ResultWriter WriterConfig is not supported')
  }
  const inner = distributed ? new Set<string>() : names
  checkScope(`${place} ItemProcessor`, body, body.QueryLanguage === 'JSONata' || isJsonata(body), inner)
}

// The inner machines are checked by their own scope; here only the state's own fields.
const checkExpressions = (place: string, value: unknown): void => {
  if (typeof value === 'string') {
    const text = expressionOf(value)
    if (text === undefined) return
    try {
      compile(text)
    } catch (error) {
      throw invalid(place, (error as Error).message)
    }
  } else if (value !== null && typeof value === 'object') {
    for (const [name, member] of Object.entries(value)) {
      if (name !== 'States') checkExpressions(place, member)
    }
  }
}
