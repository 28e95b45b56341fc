/**
 * AWS Step Functions, standard state machines in JSONata.
 * Does: the operations below, durable over kill -9 (see scope.ts); every call of a Task with the machine's role.
 * Does not: JSONPath, express machines, activities, task tokens, versions, aliases, redrive; each is refused
 * by name. https://docs.aws.amazon.com/step-functions/latest/apireference/
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Authorize,
  AwsError,
  account,
  type Caller,
  type InvokeFunction,
  type JsonService,
  type PutEvent,
  type Resource,
  region,
} from '../service.ts'
import { sleep as realSleep, type Sleep } from '../sleep.ts'
import { describeEvent, describeExecution, listedExecution } from './descriptions.ts'
import { type ExecutionRow, openExecutionStore, type Status } from './execution-store.ts'
import { createExecutions } from './executions.ts'
import type { Ports } from './integrations.ts'
import { dataSizeBytes } from './limits.ts'
import { type Machine, machineOf } from './machine.ts'
import { describeMapRun, listedMapRun } from './map-run.ts'
import { StateError } from './state-error.ts'

export type StatesOptions = {
  readonly folder: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Waits of states and retries; setTimeout when absent. */
  readonly sleep?: Sleep
  readonly authorize: Authorize
  readonly invoke: InvokeFunction
  /** Accepts an event for a function (InvocationType Event). */
  readonly invokeAsync: (functionArn: string, payload: string) => unknown
  readonly integrations: Ports
  readonly putEvent: PutEvent
}

export type StartExecutionInput = {
  readonly stateMachineArn: string
  readonly name?: string
  readonly input?: string
  readonly traceHeader?: string
}

export type States = {
  readonly service: JsonService
  readonly addStateMachine: (resource: Resource) => void
  /** StartExecution as another service calls it, such as a rule's target. */
  readonly startExecution: (
    input: StartExecutionInput,
    caller: Caller,
  ) => { readonly executionArn: string; readonly startDate: number }
  /** Goes on with the executions of an earlier process; call it once everything is added. */
  readonly resume: () => void
  readonly close: () => Promise<void>
}

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html, name. */
const unusable = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u
const longestName = 80
const defaultPage = 100
const longestPage = 1000

/** Opens the executions kept in `folder`. */
export const createStates = (options: StatesOptions): States => {
  const { folder, now, sleep = realSleep, authorize, invoke, invokeAsync, integrations, putEvent } = options
  mkdirSync(folder, { recursive: true })
  const store = openExecutionStore(join(folder, 'states.sqlite'))
  const machines = new Map<string, Machine>()

  const machine = (arn: string): Machine => {
    const found = machines.get(arn)
    if (found === undefined) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`)
    return found
  }
  const execution = (arn: string): ExecutionRow => {
    const found = store.find(arn)
    if (found === undefined) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`)
    return found
  }

  const startExecution = (input: StartExecutionInput, caller: Caller) => {
    only(input, ['stateMachineArn', 'name', 'input', 'traceHeader'])
    authorize(caller, 'states:StartExecution', input.stateMachineArn)
    const chosen = machine(input.stateMachineArn)
    checkName(input.name)
    checkInput(input.input ?? '{}')
    const row = executions.start(chosen, input.name, input.input)
    return { executionArn: row.arn, startDate: row.startedAtMs / 1000 }
  }

  const executions = createExecutions({
    store,
    now,
    sleep,
    putEvent,
    integrations: { ...integrations, authorize, invoke, invokeAsync, functionArn },
    // The members were named by the integration.
    startChild: (input, caller) => startExecution(input as StartExecutionInput, caller),
  })

  const operations = {
    StartExecution: startExecution,
    StopExecution: (input: { executionArn: string; error?: string; cause?: string }, caller: Caller) => {
      only(input, ['executionArn', 'error', 'cause'])
      authorize(caller, 'states:StopExecution', input.executionArn)
      execution(input.executionArn)
      const stopped = executions.stop(input.executionArn, new StateError(input.error ?? '', input.cause ?? ''))
      return { stopDate: stopped.stoppedAtMs! / 1000 }
    },
    DescribeExecution: (input: { executionArn: string }, caller: Caller) => {
      only(input, ['executionArn'])
      authorize(caller, 'states:DescribeExecution', input.executionArn)
      return describeExecution(execution(input.executionArn))
    },
    ListExecutions: (input: Page & { stateMachineArn: string; statusFilter?: Status }, caller: Caller) => {
      only(input, ['stateMachineArn', 'statusFilter', 'maxResults', 'nextToken'])
      authorize(caller, 'states:ListExecutions', input.stateMachineArn)
      const { arn } = machine(input.stateMachineArn)
      const { rows, nextToken } = page(input, (limit, offset) =>
        store.list(arn, input.statusFilter ?? null, limit, offset),
      )
      return { executions: rows.map(listedExecution), ...nextToken }
    },
    GetExecutionHistory: (input: Page & { executionArn: string; reverseOrder?: boolean }, caller: Caller) => {
      only(input, ['executionArn', 'reverseOrder', 'maxResults', 'nextToken'])
      authorize(caller, 'states:GetExecutionHistory', input.executionArn)
      const { arn } = execution(input.executionArn)
      const { rows, nextToken } = page(input, (limit, offset) =>
        store.events(arn, input.reverseOrder === true, limit, offset),
      )
      return { events: rows.map(describeEvent), ...nextToken }
    },
    DescribeMapRun: (input: { mapRunArn: string }, caller: Caller) => {
      only(input, ['mapRunArn'])
      authorize(caller, 'states:DescribeMapRun', input.mapRunArn)
      const found = store.mapRun(input.mapRunArn)
      if (found === undefined) throw new AwsError('ResourceNotFound', `Map Run does not exist: '${input.mapRunArn}'`)
      return describeMapRun(found)
    },
    ListMapRuns: (input: Page & { executionArn: string }, caller: Caller) => {
      only(input, ['executionArn', 'maxResults', 'nextToken'])
      authorize(caller, 'states:ListMapRuns', input.executionArn)
      const { arn } = execution(input.executionArn)
      const { rows, nextToken } = page(input, (limit, offset) => store.mapRuns(arn, limit, offset))
      return { mapRuns: rows.map(listedMapRun), ...nextToken }
    },
    DescribeStateMachine: (input: { stateMachineArn: string }, caller: Caller) => {
      only(input, ['stateMachineArn'])
      authorize(caller, 'states:DescribeStateMachine', input.stateMachineArn)
      const { arn, name, definitionText, roleArn, createdAtMs } = machine(input.stateMachineArn)
      const shown = {
        stateMachineArn: arn,
        name,
        definition: definitionText,
        roleArn,
        creationDate: createdAtMs / 1000,
      }
      return { ...shown, status: 'ACTIVE', type: 'STANDARD' }
    },
    ListStateMachines: (input: Page, caller: Caller) => {
      only(input, ['maxResults', 'nextToken'])
      authorize(caller, 'states:ListStateMachines', '*')
      const all = [...machines.values()]
      const { rows, nextToken } = page(input, (limit, offset) => all.slice(offset, offset + limit))
      const listed = rows.map(({ arn, name, createdAtMs }) => ({
        stateMachineArn: arn,
        name,
        type: 'STANDARD',
        creationDate: createdAtMs / 1000,
      }))
      return { stateMachines: listed, ...nextToken }
    },
    StartSyncExecution: (input: { stateMachineArn: string }) => {
      machine(input.stateMachineArn)
      // https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html: express only.
      throw new AwsError(
        'StateMachineTypeNotSupported',
        'This operation is not supported by this type of state machine',
      )
    },
  }

  return {
    service: { target: 'AWSStepFunctions', jsonVersion: '1.0', operations },
    addStateMachine: (resource) => {
      const added = machineOf(resource, now())
      if (integrations.submitBatchJob === undefined && added.definitionText.includes(':::batch:submitJob')) {
        throw new AwsError(
          'InvalidDefinition',
          `state machine ${added.name}: no batch service runs here for batch:submitJob`,
        )
      }
      machines.set(added.arn, added)
    },
    startExecution,
    resume: executions.resume,
    close: async () => {
      await executions.close()
      store.close()
    },
  }
}

/** The ARN of a function's name, `account:function:name` or ARN. */
const functionArn = (name: string) =>
  name.startsWith('arn:') ? name : `arn:aws:lambda:${region}:${account}:function:${name.replace(/^.*function:/, '')}`

const invalid = (message: string) => new AwsError('ValidationException', message)

const only = (input: object, members: readonly string[]) => {
  for (const name of Object.keys(input)) {
    if (!members.includes(name)) throw invalid(`parameter ${name} is not supported here`)
  }
}

const checkName = (name: string | undefined) => {
  if (name === undefined) return
  if (name.length === 0 || name.length > longestName || unusable.test(name)) {
    throw new AwsError('InvalidName', `Invalid Name: '${name}'`)
  }
}

const checkInput = (input: string) => {
  if (Buffer.byteLength(input) > dataSizeBytes) {
    throw invalid(`Value at 'input' failed to satisfy constraint: at most ${dataSizeBytes} bytes`)
  }
  try {
    JSON.parse(input)
  } catch (error) {
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${(error as Error).message}'`)
  }
}

type Page = { readonly maxResults?: number; readonly nextToken?: string }

/** One page by offset; "a maxResults of 0 uses the default page size of 100; at most 1000". */
const page = <T>({ maxResults, nextToken }: Page, read: (limit: number, offset: number) => readonly T[]) => {
  const offset = nextToken === undefined ? 0 : Number(Buffer.from(nextToken, 'base64url').toString())
  if (!Number.isInteger(offset) || offset < 0) throw new AwsError('InvalidToken', `Invalid Token: '${nextToken}'`)
  const limit = Math.min(maxResults || defaultPage, longestPage)
  const rows = read(limit + 1, offset)
  const more = rows.length > limit
  const token = more ? { nextToken: Buffer.from(String(offset + limit)).toString('base64url') } : {}
  return { rows: rows.slice(0, limit), nextToken: token }
}
