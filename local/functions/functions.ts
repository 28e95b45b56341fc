/**
 * Lambda: functions of the template, invoked with or without waiting, each environment a real process.
 * Does: what the files beside it say. Does not: container images, other runtimes, streamed responses, provisioned
 * concurrency, versions other than $LATEST (an alias is a second name), freezing between calls.
 */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type Authorize, AwsError, type Caller, type PutEvent, type Resource } from '../service.ts'
import { openAsyncQueue } from './asynchronous.ts'
import { configurationOf, type FunctionConfiguration } from './configuration.ts'
import {
  conclude,
  defaultEventInvokeConfig,
  type EventInvokeConfig,
  eventInvokeConfigOf,
  type SendToQueue,
} from './destination.ts'
import { openEnvironment } from './environment.ts'
import { type FunctionLog, openLog } from './log.ts'
import { limits, type Outcome, requestTooLarge } from './outcome.ts'
import { createPool, type Pool } from './pool.ts'
import { openSandbox } from './sandbox.ts'

export type FunctionsOptions = {
  /** Data folder of this service; events that were accepted and not finished are kept here. */
  readonly folder: string
  readonly logFolder: string
  /** Compiled code of functions; `compiled` in the data folder by default. */
  readonly compileCache?: string
  /** Variables beside the template's: credentials and endpoints. */
  readonly environmentOf: (functionArn: string) => Readonly<Record<string, string>>
  readonly authorize: Authorize
  readonly sendToQueue: SendToQueue
  readonly putEvent: PutEvent
  readonly now: () => number
  /** node_modules folders in which the packages of layers are looked up. */
  readonly layerModules: readonly string[]
  /** Environments of one function; more than cores only slows all of them down (17: 153 calls/s, 2: 593). */
  readonly maxEnvironments?: number
  /** Environments of one function when all of them are at long calls and others wait. */
  readonly mostEnvironments?: number
  /** Calls over this time are long ones. */
  readonly longCallMs?: number
  readonly idleMs?: number
  readonly initLimitMs?: number
  readonly retryDelaysMs?: readonly number[]
}

export type Functions = {
  readonly addFunction: (resource: Resource, codeFolder: string, layerFolders: readonly string[]) => void
  /** AWS::Lambda::EventInvokeConfig, after its function. */
  readonly addEventInvokeConfig: (resource: Resource) => void
  /** A second ARN of a function: an alias, or the version that it stands for. */
  readonly addAlias: (aliasArn: string, functionArn: string) => void
  /** Goes on with events that an earlier process accepted; call it once everything is added. */
  readonly start: () => void
  /** Waits for the answer. `functionArn` may be a name. With a caller, lambda:InvokeFunction is checked. */
  readonly invoke: (functionArn: string, payload: string, caller?: Caller) => Promise<Outcome>
  /** Accepts an event durably and gives its request id. */
  readonly invokeAsync: (functionArn: string, payload: string, caller?: Caller) => string
  readonly environments: () => readonly {
    readonly functionName: string
    readonly pid: number
    readonly busy: boolean
  }[]
  readonly close: () => Promise<void>
}

type Entry = {
  readonly configuration: FunctionConfiguration
  readonly pool: Pool
  readonly log: FunctionLog
  eventInvoke: EventInvokeConfig
}

const defaultMostEnvironments = 16
const defaultLongCallMs = 250
const defaultIdleMs = 5 * 60_000
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
const defaultInitLimitMs = 10_000
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
const defaultRetryDelaysMs = [60_000, 120_000]

export const createFunctions = async (options: FunctionsOptions): Promise<Functions> => {
  const { authorize, now } = options
  const maxEnvironments = options.maxEnvironments ?? Math.max(2, availableParallelism())
  const sandbox = openSandbox(
    options.folder,
    options.layerModules,
    options.compileCache ?? join(options.folder, 'compiled'),
  )
  const entries = new Map<string, Entry>()
  const aliases = new Map<string, string>()

  const find = (given: string): Entry => {
    const arn = given.replace(/:\$LATEST$/, '')
    const entry =
      entries.get(aliases.get(arn) ?? arn) ?? [...entries.values()].find((one) => one.configuration.name === arn)
    if (entry) return entry
    throw new AwsError('ResourceNotFoundException', `Function not found: ${given}`, 404, { Type: 'User' })
  }

  const check = (given: string, payload: string, caller: Caller | undefined): Entry => {
    const entry = find(given)
    if (!caller) return entry
    authorize(caller, 'lambda:InvokeFunction', aliases.has(given) ? given : entry.configuration.arn)
    try {
      JSON.parse(payload)
    } catch (error) {
      const cause = error instanceof Error ? error.message : ''
      throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${cause}`, 400)
    }
    return entry
  }

  const tellDestinations = conclude({
    ...options,
    invokeAsync: (functionArn, payload, caller) => invokeAsync(functionArn, payload, caller),
  })

  const events = openAsyncQueue({
    folder: options.folder,
    maxConcurrent: maxEnvironments,
    retryDelaysMs: options.retryDelaysMs ?? defaultRetryDelaysMs,
    now,
    settingsOf: (functionArn) => entries.get(functionArn)?.eventInvoke ?? defaultEventInvokeConfig,
    invoke: ({ functionArn, payload, requestId }) => find(functionArn).pool.invoke(functionArn, payload, requestId),
    conclude: async (event, condition, outcome) => {
      const entry = entries.get(event.functionArn)
      if (!entry) return
      try {
        await tellDestinations(event, condition, outcome, entry.eventInvoke, entry.configuration)
      } catch (error) {
        // Lambda counts it as DestinationDeliveryFailures and drops the event; here it can be read.
        entry.log.line(
          `event ${event.requestId}: destination failed: ${error instanceof Error ? error.message : error}`,
        )
      }
    },
  })

  const invokeAsync: Functions['invokeAsync'] = (given, payload, caller) =>
    events.accept(check(given, payload || '{}', caller).configuration.arn, payload || '{}')

  return {
    addFunction: (resource, codeFolder, layerFolders) => {
      const configuration = configurationOf(resource)
      if (entries.has(configuration.arn)) throw new Error(`${configuration.arn}: two functions with this name`)
      const log = openLog(options.logFolder, configuration)
      const placed = {
        codeFolder: sandbox.placeCode(configuration.name, codeFolder),
        modulesFolder: sandbox.placeLayers(configuration.name, layerFolders),
      }
      const shared = { configuration, log, sandbox, ...placed }
      const pool = createPool(
        {
          open: (pooled) =>
            openEnvironment({ ...shared, ...pooled, environmentVariables: options.environmentOf(configuration.arn) }),
          maxEnvironments,
          mostEnvironments: Math.max(maxEnvironments, options.mostEnvironments ?? defaultMostEnvironments),
          longCallMs: options.longCallMs ?? defaultLongCallMs,
          idleMs: options.idleMs ?? defaultIdleMs,
          initLimitMs: options.initLimitMs ?? defaultInitLimitMs,
        },
        configuration,
      )
      entries.set(configuration.arn, { configuration, pool, log, eventInvoke: defaultEventInvokeConfig })
    },
    addEventInvokeConfig: (resource) => {
      find(resource.properties.FunctionName).eventInvoke = eventInvokeConfigOf(resource)
    },
    addAlias: (aliasArn, functionArn) => void aliases.set(aliasArn, find(functionArn).configuration.arn),
    start: () => events.start(),
    invoke: async (given, payload, caller) => {
      const event = payload || '{}'
      if (Buffer.byteLength(event) > limits.requestBytes) throw requestTooLarge(limits.requestBytes)
      const { pool, configuration } = check(given, event, caller)
      return pool.invoke(aliases.has(given) ? given : configuration.arn, event)
    },
    invokeAsync,
    environments: () =>
      [...entries.values()].flatMap(({ configuration, pool }) =>
        pool.environments().map((one) => ({ functionName: configuration.name, ...one })),
      ),
    close: async () => {
      events.close()
      await Promise.all([...entries.values()].map(({ pool }) => pool.close()))
      for (const { log } of entries.values()) log.close()
      sandbox.remove()
    },
  }
}
