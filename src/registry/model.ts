import { PercallError } from '../errors.ts'

/** A name with its versions and aliases. `revision` grows with each change of the model, its versions or its aliases. */
export type Model = {
  readonly name: string
  readonly title?: string
  readonly description?: string
  readonly task?: string
  readonly licence?: string
  /** What the owner wants callers to know before they call. */
  readonly notice?: string
  /** True where the owner asked for the inputs of calls in the log. */
  readonly logInputs?: boolean
  /** Who may have answers explained: all callers by default. */
  readonly explain?: 'owner' | 'callers'
  readonly createdAtMs: number
  /** The highest number that was ever given to a version; 0 when there was none. */
  readonly lastVersion: number
  readonly revision: number
}

const namePattern = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/

/** The rule of names: letters, digits, `-`, `_`, `.`; a letter or digit first; at most 128 characters. */
export const isName = (text: string): boolean => namePattern.test(text)

/** Throws BAD_NAME. `what` says whose name it is. */
export const requireName = (what: string, text: string): string => {
  if (!isName(text)) throw new PercallError('BAD_NAME', `${what} name: expected letters, digits, - _ ., got ${text}`)
  return text
}

/** The wording that clients of the Open Inference Protocol look for. */
export const unknownModel = (name: string): PercallError =>
  new PercallError('UNKNOWN_MODEL', `Request for unknown model: '${name}' is not found`)
