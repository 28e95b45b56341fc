import type { Nano } from '../billing/money.ts'
import type { Limits } from './limits.ts'
import type { Scope } from './scope.ts'

/** Keyed digest of a text under the deployment secret (HMAC-SHA-256), at least 4 bytes. */
export type KeyMac = (text: string) => Uint8Array

const keyPrefix = 'pc_live_'
export const keyRandomBytes = 20

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const base = BigInt(alphabet.length)
// 62^27 > 2^160 and 62^6 > 2^32.
const randomLength = 27
const macBytes = 4
const macLength = 6
const keyLength = keyPrefix.length + randomLength + macLength

const encode = (bytes: Uint8Array, length: number): string => {
  let value = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
  let text = ''
  for (let i = 0; i < length; i++) {
    text = alphabet[Number(value % base)]! + text
    value /= base
  }
  return text
}

/** Takes as long for a wrong first character as for a wrong last one. */
const sameText = (a: string, b: string): boolean => {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i)
  return difference === 0
}

/** 20 random bytes -> `pc_live_` + 27 base62 characters + the 6 of a 32-bit HMAC over all before them. */
export const formatKey = (mac: KeyMac, random: Uint8Array): string => {
  const body = keyPrefix + encode(random, randomLength)
  return body + encode(mac(body).subarray(0, macBytes), macLength)
}

/** Whether this deployment made the key. Needs no I/O; a made-up key passes with probability 2^-32. */
export const isGenuineKey = (mac: KeyMac, secret: string): boolean => {
  if (secret.length !== keyLength || !secret.startsWith(keyPrefix)) return false
  const body = secret.slice(0, -macLength)
  return sameText(secret, body + encode(mac(body).subarray(0, macBytes), macLength))
}

const keyIdLength = 12

/** 8 random bytes -> 12 base62 characters: a key's public id. */
export const formatKeyId = (random: Uint8Array): string => encode(random, keyIdLength)

const keyIdPattern = new RegExp(`^[0-9A-Za-z]{${keyIdLength}}$`)

/** Whether a text can be a key's public id. */
export const isKeyId = (text: string): boolean => keyIdPattern.test(text)

/** What is stored of a key; the secret itself is shown once. */
export type Key = {
  readonly id: string
  readonly consumerId: string
  readonly name?: string
  /** Narrows the consumer's grants; absent: all of them. */
  readonly grants?: readonly string[]
  /** Groups of routes that it may use; absent: all. */
  readonly scopes?: readonly Scope[]
  /** Where it may come from, in CIDR notation; absent: anywhere. */
  readonly ipRanges?: readonly string[]
  readonly limits?: Limits
  /** What it may spend in a month. */
  readonly limitNano?: Nano
  /** The key as which it is counted against limits: the one that it was made by or rotated from, where that had any. */
  readonly countsAs?: string
  /** The key that took its place. */
  readonly rotatedTo?: string
  readonly createdAtMs: number
  readonly expiresAtMs?: number
  readonly revokedAtMs?: number
}
