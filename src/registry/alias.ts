import { PercallError } from '../errors.ts'
import { isName } from './model.ts'

/** A movable pointer to a version. `revision` counts its moves, over its removal too. */
export type Alias = {
  readonly model: string
  readonly alias: string
  readonly version: number
  readonly revision: number
  readonly movedAtMs: number
}

/** One move; `version` is null where the alias was removed. */
export type AliasMove = {
  readonly revision: number
  readonly version: number | null
  readonly previous: number | null
  readonly movedAtMs: number
  readonly movedBy: string
}

/** Where calls go that name no alias, and what the first version of a model becomes. */
export const liveAlias = 'live'

const digitsOnly = /^\d+$/

/** Throws BAD_NAME; digits only would read as a version. */
export const requireAlias = (text: string): string => {
  if (!isName(text) || digitsOnly.test(text))
    throw new PercallError('BAD_NAME', `alias name: expected letters, digits, - _ ., not digits only, got ${text}`)
  return text
}

export const unknownAlias = (model: string, alias: string): PercallError =>
  new PercallError('UNKNOWN_ALIAS', `model ${model}: no alias ${alias}`)
