import { beforeEach, expect, test } from 'vitest'
import {
  type Delivery,
  type ExportCursor,
  type ExportPorts,
  exportHours,
  passHours,
  type Receiver,
  type Refusal,
} from '../../../src/export/export-hours.ts'
import type { ExportRecord } from '../../../src/export/record.ts'
import type { HourRecord } from '../../../src/ledger/totals.ts'

const hourMs = 3_600_000

/** What becomes of a record: it is there, it is there and the answer lost, it never came and nobody knows, it is not there. */
type Fate = 'taken' | 'answer lost' | 'lost' | 'later'

let nowMs = 0
let cursor: ExportCursor | undefined
let refusals: Refusal[] = []
/** When the receiver took an id last, and how often it counts. */
let taken = new Map<string, number>()
let counted: string[] = []
let customers = ''

const hour = { hour: 'h', number: 1 } as HourRecord // ports below read nothing else of it
const record = (model: string): ExportRecord => ({
  ...{ hour: 'h', startMs: 0, endMs: hourMs, consumerId: 'c', model, calls: 1, units: 1, costNano: 1n },
})
const records = [record('a'), record('b')]

const ports: ExportPorts = {
  readCursor: async () => cursor,
  moveCursor: async (to) => {
    // As the item keeps it.
    cursor = JSON.parse(JSON.stringify(to)) as ExportCursor
    return true
  },
  lastFolded: async () => 1,
  hourOfNumber: async (number) => (number === 1 ? hour : undefined),
  recordsOf: async () => records,
  keepRefusal: async (refusal) => refusals.push(refusal),
  nowMs: () => nowMs,
  hasTime: () => true,
}

/** It drops a repetition for 24 hours. */
const receiver = (fates: Readonly<Record<string, Fate>>): Receiver<string> => ({
  ...{ name: 'r', remembersMs: 22 * hourMs, mostMessages: 20 },
  tell: async ({ model }) =>
    customers.includes(model) ? { kind: 'message', message: `h/c/${model}` } : { kind: 'none' },
  send: async (ids): Promise<Delivery> => {
    const [told, unsure, later]: [string[], string[], string[]] = [[], [], []]
    for (const id of ids) {
      const fate = fates[id.slice(-1)] ?? 'taken'
      if (fate === 'taken' || fate === 'answer lost') {
        if (nowMs - (taken.get(id) ?? Number.NEGATIVE_INFINITY) >= 24 * hourMs) {
          taken.set(id, nowMs)
          counted.push(id.slice(-1))
        }
      }
      const place = { taken: told, 'answer lost': unsure, lost: unsure, later }[fate]
      place.push(id)
    }
    return { refused: [], ...(told.length < ids.length && { failure: { cause: new Error('503'), told, unsure } }) }
  },
})

beforeEach(() => {
  nowMs = Date.UTC(2026, 10, 10)
  cursor = { done: 0, revision: 1 }
  refusals = []
  taken = new Map()
  counted = []
  customers = 'ab'
})

const tick = (fates: Readonly<Record<string, Fate>> = {}) => exportHours(ports)(receiver(fates))
const named = () => refusals.map(({ id }) => id.slice(-1)).join('')

test('a record becomes unsure once an earlier one is known -> its own 22 hours, it is sent and counts', async () => {
  await expect(tick({ a: 'answer lost', b: 'later' })).rejects.toThrow('503')
  nowMs += 12 * hourMs
  await expect(tick({ b: 'lost' })).rejects.toThrow('503')
  nowMs += 12 * hourMs
  expect(await tick()).toEqual({ sent: 1, refused: 0 })
  expect({ counted, named: named() }).toEqual({ counted: ['a', 'b'], named: '' })
})

test('of two that are unsure since other times one is too old -> that one is named with its time, the other sent', async () => {
  await expect(tick({ a: 'answer lost', b: 'later' })).rejects.toThrow('503')
  nowMs += 12 * hourMs
  await expect(tick({ a: 'later', b: 'lost' })).rejects.toThrow('503')
  nowMs += 12 * hourMs
  expect(await tick()).toEqual({ sent: 1, refused: 1 })
  expect({ counted, named: named() }).toEqual({ counted: ['a', 'b'], named: 'a' })
  expect(refusals[0]?.reason).toContain('sent at 2026-11-10T00:00:00.000Z')
})

test('unsure, then its consumer is no customer any more -> it is named, and the others go on', async () => {
  await expect(tick({ a: 'answer lost', b: 'later' })).rejects.toThrow('503')
  customers = 'b'
  expect(await tick()).toEqual({ sent: 1, refused: 1 })
  expect({ counted, named: named(), done: cursor?.done }).toEqual({ counted: ['a', 'b'], named: 'a', done: 1 })
})

test('unsure, then the exporter is switched off -> it is named once, and what is known is not', async () => {
  await expect(tick({ a: 'answer lost', b: 'later' })).rejects.toThrow('503')
  expect(await passHours(ports)).toEqual({ sent: 0, refused: 1 })
  expect(await passHours(ports)).toEqual({ sent: 0, refused: 0 })
  expect({ named: named(), cursor }).toEqual({ named: 'a', cursor: expect.objectContaining({ done: 1 }) })
  expect(cursor).not.toHaveProperty('sending')
})
