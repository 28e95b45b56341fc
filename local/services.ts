/**
 * Makes the services and gives each the others that it calls.
 * Does: wire. Does not: read the template; resources.ts hands out its resources.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Access } from './access.ts'
import { createBatch } from './batch/batch.ts'
import { createBus } from './bus/bus.ts'
import type { CredentialStore } from './credentials.ts'
import { createEndpoint } from './endpoint.ts'
import { createFunctions } from './functions/functions.ts'
import { createGateway } from './gateway.ts'
import { integrationPorts } from './integration-ports.ts'
import { createKeys } from './keys.ts'
import { createObjects } from './objects/objects.ts'
import { createQueues } from './queues.ts'
import type { Services } from './resources.ts'
import { AwsError, type Caller, type PutEvent } from './service.ts'
import { createStates } from './states/states.ts'
import { createTables } from './tables/tables.ts'

export type ServicesOptions = {
  readonly data: string
  readonly logFolder: string
  readonly compileCache?: string
  readonly access: Access
  readonly credentials: CredentialStore
  /** Of a function, or of a job definition. */
  readonly environmentOf: (arn: string) => Readonly<Record<string, string>>
  readonly layerModules: readonly string[]
  readonly concurrency?: number
  readonly now: () => number
  readonly onLine: (line: string) => void
  readonly count: (operation: string) => void
}

export type Handlers = { readonly api: Handler; readonly aws: Handler; readonly s3: Handler }
type Handler = (request: IncomingMessage, response: ServerResponse) => unknown

/** Opens what the data folder holds; `handlers` answer HTTP, `end` closes in an order that loses nothing. */
export async function createServices(options: ServicesOptions): Promise<{
  readonly services: Services
  readonly handlers: Handlers
  readonly end: () => Promise<void>
}> {
  const { access, credentials, now, onLine, count } = options
  const { authorize } = access
  const folder = (name: string) => join(options.data, name)
  const { secretOf } = credentials

  const keys = createKeys({ folder: folder('keys'), authorize })
  const { useKey } = keys
  const tables = createTables({ folder: folder('tables'), now, authorize, useKey })
  const queues = createQueues({ folder: folder('queues'), now, authorize, useKey })
  // Buckets and functions put events on the bus, and the bus calls functions: it is there before the first request.
  const putEvent: PutEvent = (event) => bus.putEvent(event)
  const objects = createObjects({
    folder: folder('objects'),
    now,
    authorize,
    useKey,
    putEvent,
    secretOf,
    callerOf: (accessKeyId) => {
      const caller = credentials.callerOf(accessKeyId)
      if (caller) return caller
      throw new AwsError('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', 403)
    },
  })
  const sendToQueue = (
    caller: Caller,
    queueArn: string,
    body: string,
    attributes: Readonly<Record<string, string>> = {},
  ) => {
    const typed = Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }])
    return queues.send(queueArn, body, Object.fromEntries(typed), caller)
  }
  const functions = await createFunctions({
    folder: folder('functions'),
    logFolder: options.logFolder,
    ...(options.compileCache !== undefined && { compileCache: options.compileCache }),
    environmentOf: options.environmentOf,
    authorize,
    sendToQueue,
    putEvent,
    now,
    layerModules: options.layerModules,
    ...(options.concurrency !== undefined && { maxEnvironments: options.concurrency }),
  })
  const bus = createBus({
    folder: folder('bus'),
    now,
    authorize,
    permits: access.allows,
    invokeAsync: functions.invokeAsync,
    startExecution: (input, caller) => states.startExecution(input, caller),
    sendMessage: queues.send,
  })
  const batch = createBatch({
    folder: folder('batch'),
    logFolder: options.logFolder,
    environmentOf: options.environmentOf,
    authorize,
    now,
    layerModules: options.layerModules,
    ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
  })
  const states = createStates({
    folder: folder('states'),
    now,
    authorize,
    invoke: functions.invoke,
    invokeAsync: functions.invokeAsync,
    integrations: integrationPorts({ tables, objects, queues, bus, batch }),
    putEvent,
  })
  const gateway = createGateway({
    invoke: functions.invoke,
    authorizeInvoke: (functionArn, sourceArn) => {
      const caller = { kind: 'service', service: 'apigateway.amazonaws.com', sourceArn } as const
      authorize(caller, 'lambda:InvokeFunction', functionArn)
    },
    now,
  })
  const aws = createEndpoint({
    services: [tables.service, keys.service, queues.service, states.service, bus.service],
    lambda: { invoke: functions.invoke, invokeAsync: functions.invokeAsync, authorize },
    secretOf,
    callerOf: credentials.callerOf,
    now,
    count,
    onFault: (error) => onLine(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  })

  return {
    services: { access, tables, objects, keys, queues, functions, states, batch, bus, gateway },
    handlers: { api: gateway.listener, aws, s3: objects.handler },
    end: async () => {
      await bus.close()
      await states.close()
      await batch.close()
      await functions.close()
      for (const service of [objects, queues, tables, keys]) service.close()
    },
  }
}
