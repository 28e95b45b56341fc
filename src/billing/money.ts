import { PercallError } from '../errors.ts'

declare const nanoBrand: unique symbol

/** An amount in 1e-9 of the deployment's currency: a safe integer, never negative, so at most about nine million units. */
export type Nano = number & { readonly [nanoBrand]: true }

const places = 9
const nanoPerUnit = 10n ** BigInt(places)
const decimal = /^(0|[1-9]\d*)(?:\.(\d{1,9}))?$/

/** Throws INTERNAL where a sum or product leaves the range that integers hold exactly: rounding happens nowhere. */
export const toNano = (value: number | bigint): Nano => {
  const nano = Number(value)
  if (!Number.isSafeInteger(nano) || nano < 0)
    throw new PercallError('INTERNAL', `amount: expected nano-units from 0 to ${Number.MAX_SAFE_INTEGER}, got ${value}`)
  return nano as Nano
}

export const zeroNano = toNano(0)

/** Throws BAD_PRICE for what is no amount. */
const exactDecimal = (field: string, text: string): bigint => {
  const match = decimal.exec(text)
  if (!match)
    throw new PercallError('BAD_PRICE', `${field}: expected a decimal with at most ${places} places, got ${text}`)
  return BigInt(match[1]!) * nanoPerUnit + BigInt((match[2] ?? '').padEnd(places, '0'))
}

/** `"0.000002"` -> 2000, exact. Throws BAD_PRICE for signs, exponents, more than 9 places or more than a safe integer. */
export const parseNano = (field: string, text: string): Nano => {
  const nano = exactDecimal(field, text)
  if (nano > Number.MAX_SAFE_INTEGER)
    throw new PercallError(
      'BAD_PRICE',
      `${field}: expected at most ${formatNano(Number.MAX_SAFE_INTEGER)}, got ${text}`,
    )
  return toNano(nano)
}

const formatted = (units: number | bigint, rest: number | bigint): string => {
  if (!rest) return String(units)
  const decimals = String(rest).padStart(places, '0')
  let length = decimals.length
  while (decimals[length - 1] === '0') length -= 1
  return `${units}.${decimals.slice(0, length)}`
}

/** 2000 -> `"0.000002"`, -2000 -> `"-0.000002"`, exact and without trailing zeros. Sums over many rows may be bigint. */
export const formatNano = (nano: number | bigint): string => {
  if (nano < 0) return `-${formatNano(-nano)}`
  // Every call's cost passes here, and as bigint it takes three times as long. Integers below 2^53 divide exactly.
  if (typeof nano === 'number' && Number.isSafeInteger(nano)) {
    const rest = nano % Number(nanoPerUnit)
    return formatted((nano - rest) / Number(nanoPerUnit), rest)
  }
  const value = BigInt(nano)
  return formatted(value / nanoPerUnit, value % nanoPerUnit)
}

/** `"-1.25"` -> -1250000000n, exact. Throws BAD_PRICE as parseNano does. */
export const parseSignedNano = (field: string, text: string): bigint => {
  const nano = BigInt(parseNano(field, text.replace(/^-/, '')))
  return text.startsWith('-') ? -nano : nano
}

/** The same of a sum, which may be more than a safe integer. */
export const parseSum = (field: string, text: string): bigint => {
  const nano = exactDecimal(field, text.replace(/^-/, ''))
  return text.startsWith('-') ? -nano : nano
}
