/**
 * AWS Batch on Fargate, as Step Functions calls it: submitJob.sync.
 * Does: each job as a process of Node in the image's context, with the packages of its `layers/`, its role's credentials,
 * its memory as a limit, its timeout, an end when it is stopped; at most one job a core at a time, the others wait.
 * Does not: build or run images, answer over HTTP, arrays, dependencies, priorities, retries of its own, limit processors.
 * A job that ran when the service died is gone; the execution that goes on submits it again.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { memoryOf } from '../functions/memory.ts'
import { openSandbox } from '../functions/sandbox.ts'
import { type Authorize, AwsError, account, type Caller, type Resource, region } from '../service.ts'
import type { Members } from '../states/integrations.ts'
import {
  environmentOf,
  type JobDefinition,
  jobDefinitionOf,
  type Named,
  type Requirement,
  sizeOf,
} from './job-definition.ts'

export type BatchOptions = {
  readonly folder: string
  readonly logFolder: string
  /** Credentials and endpoints of a job definition's role. */
  readonly environmentOf: (definitionArn: string) => Readonly<Record<string, string>>
  readonly authorize: Authorize
  readonly now: () => number
  readonly layerModules: readonly string[]
  readonly concurrency?: number
}

export type Batch = {
  readonly addJobDefinition: (resource: Resource, contextFolder: string) => void
  readonly addJobQueue: (resource: Resource) => void
  /** Runs a job to its end and answers its detail, FAILED as well. Rejects with the signal's reason when it is stopped. */
  readonly submitJob: (input: Members, caller: Caller, signal: AbortSignal) => Promise<Members>
  /** The processes of jobs that run now. */
  readonly jobs: () => readonly { readonly jobName: string; readonly pid: number }[]
  readonly close: () => Promise<void>
}

type Placed = { readonly definition: JobDefinition; readonly codeFolder: string; readonly modulesFolder: string }
type Running = { readonly jobName: string; readonly child: ChildProcess; readonly gone: Promise<void> }
type Ended = { readonly exitCode: number | null; readonly reason?: string }

const memoryCheckMs = 200
const succeeded = 0

/** Opens Batch; jobs of an earlier process are ended. */
export const createBatch = (options: BatchOptions): Batch => {
  const { authorize, now, layerModules, concurrency = availableParallelism() } = options
  mkdirSync(options.folder, { recursive: true })
  mkdirSync(options.logFolder, { recursive: true })
  const sandbox = openSandbox(options.folder, layerModules, join(options.folder, 'compiled'))
  const definitions = new Map<string, Placed>()
  const queues = new Set<string>()
  const running = new Map<string, Running>()
  const waiting: (() => void)[] = []
  let free = concurrency

  const turn = async (): Promise<void> => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
  }
  const leave = (): void => {
    const next = waiting.shift()
    if (next) next()
    else free += 1
  }

  const place = (definition: JobDefinition, contextFolder: string): Placed => {
    const layers = join(contextFolder, 'layers')
    const folders = existsSync(layers) ? readdirSync(layers).map((name) => join(layers, name)) : []
    const name = definition.name.replace(/\W/g, '-')
    return {
      definition,
      codeFolder: sandbox.placeCode(name, contextFolder),
      modulesFolder: sandbox.placeLayers(name, folders),
    }
  }

  const submitJob: Batch['submitJob'] = async (input, caller, signal) => {
    only('submitJob', input, ['JobName', 'JobQueue', 'JobDefinition', 'ContainerOverrides'])
    const { JobName, JobQueue, JobDefinition, ContainerOverrides = {} } = input
    const overrides = ContainerOverrides as Members
    only('ContainerOverrides', overrides, ['Environment', 'ResourceRequirements'])
    for (const resource of [JobDefinition, JobQueue]) authorize(caller, 'batch:SubmitJob', String(resource))
    // https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html, IAM policies.
    authorize(caller, 'batch:DescribeJobs', '*')
    for (const action of ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'])
      authorize(caller, action, `arn:aws:events:${region}:${account}:rule/StepFunctionsGetEventsForBatchJobsRule`)
    const placed = definitions.get(String(JobDefinition))
    if (!placed) throw new AwsError('ClientException', `JobDefinition ${JobDefinition} not found`)
    if (!queues.has(String(JobQueue))) throw new AwsError('ClientException', `JobQueue ${JobQueue} not found`)
    const id = randomUUID()
    const createdAt = now()
    await turn()
    try {
      signal.throwIfAborted()
      const startedAt = now()
      const stop = () => authorize(caller, 'batch:TerminateJob', `arn:aws:batch:${region}:${account}:job/${id}`)
      const ended = await run(id, String(JobName), placed, overrides, { signal, stop })
      const failed = ended.exitCode !== succeeded
      return {
        JobId: id,
        JobName,
        JobQueue,
        JobDefinition,
        Status: failed ? 'FAILED' : 'SUCCEEDED',
        ...(failed && { StatusReason: ended.reason ?? 'Essential container in task exited' }),
        Container: { ...(ended.exitCode !== null && { ExitCode: ended.exitCode }) },
        CreatedAt: createdAt,
        StartedAt: startedAt,
        StoppedAt: now(),
      }
    } finally {
      leave()
    }
  }

  const run = (
    id: string,
    jobName: string,
    { definition, codeFolder, modulesFolder }: Placed,
    overrides: Members,
    { signal, stop }: { readonly signal: AbortSignal; readonly stop: () => void },
  ): Promise<Ended> => {
    // Both have the shapes of the API: https://docs.aws.amazon.com/batch/latest/APIReference/API_ContainerOverrides.html
    const own = environmentOf((overrides.Environment ?? []) as readonly Named[])
    const size = sizeOf((overrides.ResourceRequirements ?? []) as readonly Requirement[])
    const { memoryMb } = { ...definition, ...size }
    const scratch = sandbox.openScratch(id)
    const log = openSync(join(options.logFolder, `${definition.name.replace(/\W/g, '-')}.log`), 'a')
    // The id in the command line tells a later process of ours whose child this was.
    const child = spawn(process.execPath, ['--preserve-symlinks', `--title=${id}`, ...definition.command.slice(1)], {
      cwd: codeFolder,
      env: {
        ...(process.env.PATH && { PATH: process.env.PATH }),
        ...(process.env.SystemRoot && { SystemRoot: process.env.SystemRoot }),
        ...definition.environment,
        ...own,
        ...options.environmentOf(definition.arn),
        ...{ AWS_REGION: region, AWS_DEFAULT_REGION: region, AWS_BATCH_JOB_ID: id, NODE_PATH: modulesFolder },
        ...{ TMPDIR: scratch, TEMP: scratch },
      },
      stdio: ['ignore', log, log],
    })
    if (child.pid) sandbox.recordPid(id, child.pid)
    let reason: string | undefined
    const end = (why: string) => {
      reason ??= why
      child.kill('SIGKILL')
    }
    const memory = setInterval(() => {
      if ((memoryOf(child.pid ?? -1)?.residentMb ?? 0) > memoryMb)
        end('OutOfMemoryError: Container killed due to memory usage')
    }, memoryCheckMs)
    const timeout =
      definition.timeoutMs === undefined
        ? undefined
        : setTimeout(() => end('Job attempt duration exceeded timeout'), definition.timeoutMs)
    const aborted = () => {
      child.kill('SIGKILL')
      stop()
    }
    signal.addEventListener('abort', aborted, { once: true })
    const { promise, resolve } = Promise.withResolvers<Ended>()
    child.once('error', (error) => end(error.message))
    child.once('close', (exitCode) => {
      clearInterval(memory)
      clearTimeout(timeout)
      signal.removeEventListener('abort', aborted)
      running.delete(id)
      sandbox.closeScratch(id)
      closeSync(log)
      resolve({ exitCode, ...(reason !== undefined && { reason }) })
    })
    running.set(id, { jobName, child, gone: promise.then(() => undefined) })
    return promise
  }

  return {
    addJobDefinition: (resource, contextFolder) => {
      const definition = jobDefinitionOf(resource)
      definitions.set(definition.arn, place(definition, contextFolder))
    },
    addJobQueue: ({ ref }) => void queues.add(ref),
    submitJob,
    jobs: () => [...running.values()].map(({ jobName, child }) => ({ jobName, pid: child.pid ?? -1 })),
    close: async () => {
      for (const { child } of running.values()) child.kill('SIGKILL')
      await Promise.all([...running.values()].map(({ gone }) => gone))
      sandbox.remove()
    },
  }
}

const only = (what: string, input: Members, members: readonly string[]): void => {
  const unknown = Object.keys(input).find((name) => !members.includes(name))
  if (unknown) throw new AwsError('NotImplemented', `${what}: the parameter ${unknown} is not implemented here`, 501)
}
