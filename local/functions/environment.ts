/**
 * One execution environment: a process that answers one invocation at a time until it is stopped, fails or dies.
 * Does: initialization limit, timeout by SIGKILL, memory limit where /proc exists. Does not: freeze between calls, limit
 * the processor or the size of /tmp, repeat an initialization that failed (Lambda does so once before it answers).
 */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { randomText } from '../random.ts'
import { region } from '../service.ts'
import { frameOf, readReports } from './channel.ts'
import type { FunctionConfiguration } from './configuration.ts'
import type { FunctionLog, Report } from './log.ts'
import { memoryOf } from './memory.ts'
import { exited, failed, type Outcome, outOfMemory, responseTooLarge, timedOut } from './outcome.ts'
import type { Sandbox } from './sandbox.ts'

export type Invocation = {
  readonly requestId: string
  readonly invokedArn: string
  readonly payload: string
  readonly resolve: (outcome: Outcome) => void
}

export type Environment = {
  readonly id: string
  readonly pid: number
  readonly idleSinceMs: () => number
  /** When the function got the invocation that it is at, by performance.now(). */
  readonly deliveredAtMs: () => number | undefined
  /** Hands over one invocation; the environment must be free. */
  readonly assign: (invocation: Invocation) => void
  /** Ends the process; an invocation in flight gets Runtime.ExitError. */
  readonly stop: () => void
  /** Resolves when the process has ended. */
  readonly exit: Promise<void>
}

export type EnvironmentParts = {
  readonly configuration: FunctionConfiguration
  readonly codeFolder: string
  readonly modulesFolder: string
  readonly sandbox: Sandbox
  readonly log: FunctionLog
  readonly environmentVariables: Readonly<Record<string, string>>
  readonly initLimitMs: number
  /** An initialization over its limit is the invocation's timeout; otherwise it is given back to be done again. */
  readonly lastTry: boolean
  /** The environment can take another invocation. */
  readonly free: (environment: Environment) => void
  /** The environment takes no more; `undelivered` never reached the function. */
  readonly gone: (environment: Environment, undelivered: Invocation | undefined, slowInit: boolean) => void
}

const clientFile = fileURLToPath(new URL('./runtime-client.mjs', import.meta.url))
const memoryCheckMs = 50
// As the managed runtime: the rest is for the stack, the young generation and native memory.
const heapShareOfMemory = 0.9

export const openEnvironment = (parts: EnvironmentParts): Environment => {
  const { configuration, sandbox, log, initLimitMs, lastTry } = parts
  const id = randomUUID()
  const openedAtMs = performance.now()
  let initMs: number | undefined
  let reportedInit = false
  let invocation: Invocation | undefined
  let deliveredAtMs: number | undefined
  let timeout: NodeJS.Timeout | undefined
  let idleSinceMs = Date.now()
  let ended = false
  let peakMb: number | undefined
  let memoryReadAtMs = Number.NEGATIVE_INFINITY

  const scratch = sandbox.openScratch(id)
  const heapMb = Math.floor(configuration.memoryMb * heapShareOfMemory)
  const options = [`--max-old-space-size=${heapMb}`, '--preserve-symlinks']
  const child = spawn(process.execPath, [...options, clientFile, id, sandbox.compileCacheFolder], {
    cwd: sandbox.workFolder,
    env: variablesOf(parts, { scratch, id }),
    stdio: ['ignore', log.descriptor, log.descriptor, 'pipe'],
  })
  const pid = child.pid ?? -1
  if (child.pid) sandbox.recordPid(id, child.pid)
  const pipe = child.stdio[3] as Duplex // 'pipe' above makes both directions
  pipe.on('error', () => undefined) // the process died while we held the pipe
  readReports(pipe, {
    report: ({ type, requestId }, payload) => {
      if (ended) return
      if (type === 'ready') {
        initMs = performance.now() - openedAtMs
        clearTimeout(timeout)
        deliver()
      } else if (type === 'crash') {
        leave(failed(payload))
      } else if (invocation?.requestId === requestId) {
        if (type === 'response') finish({ kind: 'answer', payload }, 'success')
        else finish(failed(payload), 'error')
        release()
      }
    },
    tooLarge: ({ requestId }, sizeBytes) => {
      if (ended || invocation?.requestId !== requestId) return
      finish(responseTooLarge(sizeBytes), 'error')
      release()
    },
  })
  const exit = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      log.line(`could not start ${process.execPath}: ${error.message}`)
      leave(exited(invocation?.requestId ?? id, 1, null))
      resolve()
    })
    // Once its last words have been read from the pipe.
    child.on('close', (code, signal) => {
      leave(exited(invocation?.requestId ?? id, code, signal))
      sandbox.closeScratch(id)
      resolve()
    })
  })

  const memoryCheck = setInterval(() => {
    if (!invocation || (memoryOf(pid)?.residentMb ?? 0) <= configuration.memoryMb) return
    leave(outOfMemory(invocation.requestId))
  }, memoryCheckMs).unref()

  const armInit = () => {
    timeout = setTimeout(() => leave(timedOut(invocation?.requestId ?? id, initLimitMs), !lastTry), initLimitMs)
  }

  const deliver = (): void => {
    if (initMs === undefined || !invocation) return
    const { requestId, invokedArn, payload } = invocation
    deliveredAtMs = performance.now()
    timeout = setTimeout(() => leave(timedOut(requestId, configuration.timeoutMs)), configuration.timeoutMs)
    const deadlineMs = Date.now() + configuration.timeoutMs
    pipe.write(frameOf({ requestId, deadlineMs, invokedArn, traceId: traceId() }, payload))
  }

  const finish = (outcome: Outcome, status: Report['status']): void => {
    clearTimeout(timeout)
    const done = invocation
    if (!done) return
    invocation = undefined
    const durationMs = deliveredAtMs === undefined ? 0 : performance.now() - deliveredAtMs
    deliveredAtMs = undefined
    const { requestId } = done
    // Each reading costs 15 us, which is a twentieth of a short call.
    if (performance.now() - memoryReadAtMs > memoryCheckMs) {
      peakMb = memoryOf(pid)?.peakMb
      memoryReadAtMs = performance.now()
    }
    log.report({ requestId, durationMs, initMs: reportedInit ? undefined : initMs, maxMemoryMb: peakMb, status })
    reportedInit = true
    done.resolve(outcome)
  }

  const release = (): void => {
    idleSinceMs = Date.now()
    if (!ended) parts.free(environment)
  }

  const leave = (outcome: Outcome, slowInit = false): void => {
    if (ended) return
    ended = true
    clearInterval(memoryCheck)
    clearTimeout(timeout)
    child.kill('SIGKILL')
    // Between two invocations the function has seen nothing of the next one: another environment can take it.
    const untouched = deliveredAtMs === undefined && (initMs !== undefined || slowInit)
    const undelivered = untouched ? invocation : undefined
    if (undelivered) invocation = undefined
    const { errorType } = outcome.kind === 'error' ? JSON.parse(outcome.payload) : { errorType: '' }
    finish(outcome, errorType === 'Sandbox.Timedout' ? 'timeout' : 'error')
    parts.gone(environment, undelivered, slowInit)
  }

  const environment: Environment = {
    id,
    pid,
    idleSinceMs: () => idleSinceMs,
    deliveredAtMs: () => deliveredAtMs,
    assign: (next) => {
      invocation = next
      log.start(next.requestId)
      deliver()
    },
    exit,
    stop: () => leave(exited(invocation?.requestId ?? id, null, 'SIGKILL')),
  }
  armInit()
  return environment
}

// Linux, macOS and Windows each need a little of the parent's environment to start a process at all.
const inherited = ['PATH', 'SystemRoot'] as const

/** Template's variables, our own for this function, and Lambda's; of the parent's only the search path. */
const variablesOf = (
  { configuration, codeFolder, modulesFolder, environmentVariables }: EnvironmentParts,
  { scratch, id }: { scratch: string; id: string },
): Record<string, string> => ({
  ...Object.fromEntries(inherited.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
  ...configuration.environment,
  ...environmentVariables,
  _HANDLER: configuration.handlerName,
  AWS_DEFAULT_REGION: region,
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memoryMb),
  AWS_LAMBDA_FUNCTION_NAME: configuration.name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_LOG_FORMAT: configuration.logFormat,
  AWS_LAMBDA_LOG_GROUP_NAME: configuration.logGroup,
  AWS_LAMBDA_LOG_STREAM_NAME: `local/[$LATEST]${id.replaceAll('-', '')}`,
  AWS_REGION: region,
  LAMBDA_TASK_ROOT: codeFolder,
  LANG: 'en_US.UTF-8',
  NODE_PATH: modulesFolder,
  TEMP: scratch,
  TMPDIR: scratch,
  TZ: ':UTC',
})

const traceId = (): string => {
  const seconds = Math.floor(Date.now() / 1000).toString(16)
  return `Root=1-${seconds}-${randomText(12, 'hex')};Parent=${randomText(8, 'hex')};Sampled=0`
}
