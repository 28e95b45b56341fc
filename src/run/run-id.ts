import { PercallError } from '../errors.ts'

/** Crockford's base 32: no i, l, o, u; digits sort before letters. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const timeDigits = 10
export const runIdRandomBytes = 10

/** 10 digits of time and 10 of randomness, so that ids sort by time of creation (as ULID, github.com/ulid/spec). */
export const runId = (nowMs: number, random: Uint8Array): string => {
  let rest = nowMs
  let time = ''
  for (let i = 0; i < timeDigits; i++) {
    time = alphabet[rest % alphabet.length]! + time
    rest = Math.floor(rest / alphabet.length)
  }
  return time + Array.from(random, (byte) => alphabet[byte % alphabet.length]).join('')
}

export const executionName = (id: string, attempt: number): string => `${id}-${attempt}`

/** The run and attempt of an execution's name; undefined for an execution that is none of ours. */
export const parseExecutionName = (name: string): { readonly runId: string; readonly attempt: number } | undefined => {
  const found = /^([0-9a-z]{20})-(\d{1,6})$/.exec(name)
  return found ? { runId: found[1]!, attempt: Number(found[2]) } : undefined
}

export const unknownRun = (id: string): PercallError => new PercallError('UNKNOWN_RUN', `run ${id}: none is kept`)
