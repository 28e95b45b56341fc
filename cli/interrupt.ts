import { note } from './context.ts'
import { Failure } from './failure.ts'

/** How the calls of one command end before the last, with all that is paid for. */
export type Interrupt = {
  /** No further call is wanted. */
  readonly asked: () => boolean
  /** The call under way is not waited for either. */
  readonly signal: AbortSignal
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
// One Ctrl-C may come twice: from the terminal, and from npx.
const sameMs = 500

/** Does what a first Ctrl-C lets end with the call under way, and only a second one at once. */
export const interruptible = async <Result>(use: (interrupt: Interrupt) => Promise<Result>): Promise<Result> => {
  const abort = new AbortController()
  let askedMs: number | undefined
  const stop = (): void => {
    if (askedMs !== undefined) {
      if (Date.now() - askedMs > sameMs) abort.abort()
      return
    }
    askedMs = Date.now()
    note('stopping when the call under way is answered, for it is charged then; Ctrl-C again does not wait for it')
  }
  for (const signal of signals) process.on(signal, stop)
  try {
    return await use({ asked: () => askedMs !== undefined, signal: abort.signal })
  } finally {
    for (const signal of signals) process.off(signal, stop)
  }
}

// 128 + SIGINT, as of a process that Ctrl-C ended.
const exitCode = 130

/** A call that was not sent any more. */
export const stoppedBefore = (): Failure =>
  new Failure('INTERRUPTED', 'stopped before it was sent', 'nothing is lost', { exitCode, fault: 'none' })

/** A call that was not waited for: whether it is charged is not known, and its key gets its answer without paying twice. */
export const stoppedWithin = (next = 'its idempotency key charges it once'): Failure =>
  new Failure('INTERRUPTED', 'stopped while it was under way, so it may be charged', next, { exitCode, fault: 'none' })
