/** A refusal of the command line itself; `message` says what happened, `hint` what to do next. */
export class Failure extends Error {
  readonly code: string
  readonly hint: string
  readonly exitCode: number
  /** `none` where nobody did anything wrong: a gate that said no. */
  readonly fault: 'yours' | "the service's" | 'none'

  constructor(
    code: string,
    message: string,
    hint: string,
    { exitCode = 1, cause, fault = 'yours' }: { exitCode?: number; cause?: unknown; fault?: Failure['fault'] } = {},
  ) {
    super(message, { cause })
    this.name = 'Failure'
    this.code = code
    this.hint = hint
    this.exitCode = exitCode
    this.fault = fault
  }
}

/** Exit code of a wrong command line, and of nothing else. */
export const usageExitCode = 2

/** A wrong command line. */
export const wrongUsage = (message: string, hint = 'percall --help shows the commands and their options'): Failure =>
  new Failure('USAGE', message, hint, { exitCode: usageExitCode })
