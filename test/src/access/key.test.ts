import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatKey, isGenuineKey, type KeyMac, keyRandomBytes } from '../../../src/access/key.ts'

const macUnder =
  (secret: string): KeyMac =>
  (text) =>
    createHmac('sha256', secret).update(text).digest()
const mac = macUnder('deployment')
const random = fc.uint8Array({ minLength: keyRandomBytes, maxLength: keyRandomBytes })

test('any 160 bits -> a key of 41 characters that its deployment knows and no other does', () => {
  fc.assert(
    fc.property(random, (bytes) => {
      const key = formatKey(mac, bytes)
      return /^pc_live_[0-9A-Za-z]{33}$/.test(key) && isGenuineKey(mac, key) && !isGenuineKey(macUnder('other'), key)
    }),
  )
})

test('every single-character change, cut or addition -> refused', () => {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_- é'
  const key = formatKey(mac, new Uint8Array(keyRandomBytes).fill(7))
  for (let i = 0; i < key.length; i++) {
    const changes = [...alphabet].filter((letter) => letter !== key[i])
    for (const letter of ['', ...changes])
      expect(isGenuineKey(mac, key.slice(0, i) + letter + key.slice(i + 1))).toBe(false)
  }
  expect(isGenuineKey(mac, `${key}0`)).toBe(false)
})

test('any text -> refused', () => {
  fc.assert(fc.property(fc.string(), (text) => !isGenuineKey(mac, text) && !isGenuineKey(mac, `pc_live_${text}`)))
})

test('different bits -> different keys', () => {
  fc.assert(
    fc.property(random, random, (a, b) => Buffer.compare(a, b) === 0 || formatKey(mac, a) !== formatKey(mac, b)),
  )
})
