/**
 * The whole local service: a synthesised cloud assembly, running on 127.0.0.1.
 * Does: one HTTP API, one endpoint for all AWS services but S3, one for S3; all state in one data folder, which goes on
 * after any death of the process. Does not: answer other machines, speak TLS.
 */
import { renameSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Access, createAccess } from './access.ts'
import { type Credentials, openCredentials } from './credentials.ts'
import { listenAgain } from './endpoint-ports.ts'
import { listen, stopListening } from './listen.ts'
import { lockFolder } from './lock.ts'
import { addResources } from './resources.ts'
import { region } from './service.ts'
import { createServices, type Handlers } from './services.ts'
import { startSweeps } from './sweeps.ts'
import { type Kind, knownTypes } from './template/identity.ts'
import { loadTemplate } from './template.ts'

export type LocalOptions = {
  /** The synthesised assembly, such as `cdk.out`. */
  readonly assembly: string
  /** The folder that holds all state; one service at a time. */
  readonly data: string
  /** Port of the HTTP API; 0 picks a free one. */
  readonly port: number
  /** Folder of the functions' logs; `logs` in the data folder by default. */
  readonly logs?: string
  /** Folder of the functions' compiled code, which several services may share; in the data folder by default. */
  readonly compileCache?: string
  /** Told of faults of the service itself, a line each. */
  readonly onLine?: (line: string) => void
  /** Environments of one function at most; the number of cores by default. */
  readonly concurrency?: number
  /** Folders of node_modules in which the packages of layers are found; that of this package by default. */
  readonly layerModules?: readonly string[]
}

export type Running = {
  /** The HTTP API. */
  readonly url: string
  /** Every service but S3. */
  readonly awsEndpoint: string
  readonly s3Endpoint: string
  /** The machine's owner, who may do everything. */
  readonly adminCredentials: Credentials
  readonly region: string
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly access: Access
  /** Requests that came over HTTP so far, by service and operation; of S3 by method. */
  readonly requests: () => Readonly<Record<string, number>>
  /** The functions' processes. */
  readonly environments: () => readonly {
    readonly functionName: string
    readonly pid: number
    readonly busy: boolean
  }[]
  /** The processes of Batch's jobs. */
  readonly jobs: () => readonly { readonly jobName: string; readonly pid: number }[]
  readonly explain: () => readonly { readonly type: string; readonly kind: Kind }[]
  /** Stops functions and servers; executions and events go on at the next start. */
  readonly close: () => Promise<void>
}

// API Gateway's own limit, 10 KB, must be the one that speaks.
const maxHeaderSize = 32 * 1024

/** Starts everything in `assembly`. Throws where it names what it does not know, a port or a data folder in use. */
export async function startLocal(options: LocalOptions): Promise<Running> {
  const data = resolve(options.data)
  const onLine = options.onLine ?? ((line: string) => console.error(line))
  const now = () => Date.now()
  /** What has begun, to be ended in reverse order. */
  const begun: (() => unknown)[] = [lockFolder(data)]
  const close = async () => {
    for (const end of begun.splice(0).reverse()) await end()
  }
  const serve = async (server: Server, port: () => Promise<number>): Promise<string> => {
    const bound = await port()
    begun.push(() => stopListening(server))
    return `http://127.0.0.1:${bound}`
  }

  try {
    // The listeners come first: their ports are part of the template's URLs. They answer once everything is there.
    const ready = Promise.withResolvers<Handlers>()
    ready.promise.catch(() => undefined) // met below, where starting fails
    const counts = new Map<string, number>()
    const count = (operation: string) => void counts.set(operation, (counts.get(operation) ?? 0) + 1)
    const api = createServer({ maxHeaderSize }, async (request, response) =>
      (await ready.promise).api(request, response),
    )
    const s3 = createServer(async (request, response) => {
      count(`S3.${request.method}`)
      await (await ready.promise).s3(request, response)
    })
    const aws = createServer(async (request, response) => (await ready.promise).aws(request, response))
    const url = await serve(api, () => listen(api, options.port))
    const awsEndpoint = await serve(aws, () => listenAgain(aws, join(data, 'aws.port')))
    const s3Endpoint = await serve(s3, () => listenAgain(s3, join(data, 's3.port')))

    const template = loadTemplate(options.assembly, { apiUrl: url, awsEndpoint })
    const access = createAccess(template.resources)
    const functions = template.resources.filter(({ type }) => type === 'AWS::Lambda::Function')
    const jobs = template.resources.filter(({ type }) => type === 'AWS::Batch::JobDefinition')
    const credentials = openCredentials(join(data, 'credentials.json'), [
      ...functions.map(({ ref, attributes, properties }) => ({
        arn: attributes.Arn!,
        name: ref,
        roleArn: properties.Role,
      })),
      ...jobs.map(({ ref, properties }) => ({
        arn: ref,
        name: ref,
        roleArn: properties.ContainerProperties.JobRoleArn,
      })),
    ])
    const { services, handlers, end } = await createServices({
      data,
      ...(options.compileCache !== undefined && { compileCache: options.compileCache }),
      logFolder: resolve(options.logs ?? join(data, 'logs')),
      access,
      credentials,
      environmentOf: (arn) => ({
        ...credentialVariables(credentials.ofFunction(arn)),
        AWS_ENDPOINT_URL: awsEndpoint,
        AWS_ENDPOINT_URL_S3: s3Endpoint,
      }),
      layerModules: options.layerModules ?? [resolve(import.meta.dirname, '../node_modules')],
      ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
      now,
      onLine,
      count,
    })
    begun.push(end)
    addResources(template, services)
    begun.push(startSweeps(services, onLine))
    services.functions.start()
    services.states.resume()
    services.bus.start()
    ready.resolve(handlers)

    return {
      url,
      awsEndpoint,
      s3Endpoint,
      adminCredentials: credentials.admin,
      region,
      outputs: template.outputs,
      access,
      requests: () => Object.fromEntries(counts),
      environments: services.functions.environments,
      jobs: services.batch.jobs,
      explain: knownTypes,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

const credentialVariables = ({ accessKeyId, secretAccessKey }: Credentials) => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
})

// For tests that kill the process: node local/main.ts --assembly DIR --data DIR --port N --ready-file F [--compile-cache DIR]
if (import.meta.main) {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: { assembly: text, data: text, port: text, 'ready-file': text, 'compile-cache': text },
  })
  const { assembly, data, port = '0', 'ready-file': readyFile, 'compile-cache': compileCache } = values
  if (!assembly || !data || !readyFile) throw new Error('expected --assembly, --data and --ready-file')
  const { close, url, awsEndpoint, s3Endpoint, adminCredentials, outputs } = await startLocal({
    assembly,
    data,
    port: Number(port),
    ...(compileCache && { compileCache }),
  })
  const facts = { url, awsEndpoint, s3Endpoint, adminCredentials, outputs, pid: process.pid }
  writeFileSync(`${readyFile}.new`, JSON.stringify(facts), { mode: 0o600 })
  renameSync(`${readyFile}.new`, readyFile)
  process.once('SIGTERM', () => close().then(() => process.exit(0)))
}
