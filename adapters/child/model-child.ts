import { type ChildProcess, fork } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ask, Killed, Told } from './messages.ts'
import { memoryOf, type ResidentMemory } from './resident-memory.ts'
import { startStallClock } from './stall-clock.ts'

/** What one question may take: beyond it the child is killed. Time in which the machine stalls is not counted; memory is all of the child's, where the system counts it. */
export type ChildLimits = { readonly timeMs: number; readonly memoryMb: number }

/** A process that runs one model. Has a life: `end` it. */
export type ModelChild = {
  /** Asks one question at a time. Never throws: a child that dies answers `killed`, and is of no use from then on. */
  readonly ask: (ask: Ask, limits: ChildLimits, stdin?: Uint8Array) => Promise<Told | Killed>
  readonly pid: number | undefined
  readonly residentMb: () => number
  readonly peakMb: () => number
  readonly isAlive: () => boolean
  readonly end: () => void
}

export type ChildProgram = {
  /** child.js beside the bundle. */
  readonly file: string
  /** Options of this process, such as how packages are found. */
  readonly options: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
}

// A model can take a gigabyte a second: 10 MB between two looks.
const checkMs = 10
// What asks for far more at once than it may have is killed before it has touched it: 8 GB take seconds to touch, on a busy
// machine more than a call's time. ONNX Runtime's arena doubles: it may ask for four times of what it uses.
const mostAsked = 4
// Node and ONNX Runtime themselves, before any model: 1,108 MB (x86_64, one thread).
const ownAskedMb = 2048
// JavaScript in the child holds tensors of one call only; weights and results lie outside of its heap.
const heapMb = 256

/** Of the environment only where packages and libraries lie: no credentials, no addresses. */
const passed = ['NODE_PATH', 'LD_LIBRARY_PATH', 'SystemRoot'] as const

// Empty, and not writable: a model that names files beside itself finds none.
const emptyFolder = (): string => {
  const folder = join(tmpdir(), 'percall-empty')
  mkdirSync(folder, { recursive: true, mode: 0o500 })
  return folder
}

const start = ({ file, options, environment }: ChildProgram): ChildProcess =>
  fork(file, [String(process.pid)], {
    cwd: emptyFolder(),
    env: Object.fromEntries(passed.flatMap((name) => (environment[name] ? [[name, environment[name]]] : []))),
    execArgv: [
      ...options.filter((option) => !/^--(?:max-old-space-size|inspect)/.test(option)),
      `--max-old-space-size=${heapMb}`,
    ],
    serialization: 'advanced',
    // What ONNX Runtime logs holds paths of this machine.
    stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
  })

/** Starts a child; it opens nothing until it is asked to. */
export const startChild = (program: ChildProgram): ModelChild => {
  const process = start(program)
  let alive = true
  let peakMb = 0
  let killedBy: Killed['by'] | undefined
  let answer: ((told: Told | Killed) => void) | undefined

  const settle = (told: Told | Killed): void => {
    answer?.(told)
    answer = undefined
  }
  const kill = (by: Killed['by']): void => {
    killedBy ??= by
    process.kill('SIGKILL')
  }
  const look = (): Pick<ResidentMemory, 'residentMb' | 'askedMb'> => {
    const memory = process.pid === undefined ? undefined : memoryOf(process.pid)
    peakMb = Math.max(peakMb, memory?.peakMb ?? 0)
    return memory ?? { residentMb: 0, askedMb: 0 }
  }
  const die = (signal: NodeJS.Signals | null): void => {
    if (!alive) return
    alive = false
    // A SIGKILL that is not ours is the system's, which was short of memory.
    settle({ kind: 'killed', by: killedBy ?? (signal === 'SIGKILL' ? 'memory' : 'crash') })
  }
  process.on('message', (told: Told) => settle(told))
  process.on('error', () => die(null))
  process.on('exit', (_, signal) => die(signal))
  process.stdin?.on('error', () => undefined) // the child died while it read

  const ask: ModelChild['ask'] = async (question, { timeMs, memoryMb }, stdin) => {
    if (!alive) return { kind: 'killed', by: 'crash' }
    const told = new Promise<Told | Killed>((resolve) => {
      answer = resolve
    })
    const clock = startStallClock()
    const check = setInterval(() => {
      if (clock.ms() >= timeMs) kill('time')
      const { residentMb, askedMb } = look()
      if (residentMb > memoryMb || askedMb > ownAskedMb + mostAsked * memoryMb) kill('memory')
    }, checkMs)
    process.send(question, () => undefined) // a child that is gone says so by its exit
    if (stdin) process.stdin?.write(stdin)
    try {
      return await told
    } finally {
      clock.end()
      clearInterval(check)
      look()
    }
  }
  return {
    ask,
    pid: process.pid,
    residentMb: () => look().residentMb,
    peakMb: () => peakMb,
    isAlive: () => alive,
    end: () => void process.kill('SIGKILL'),
  }
}
