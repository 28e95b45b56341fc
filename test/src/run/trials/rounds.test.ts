import { expect, test } from 'vitest'
import type { Run } from '../../../../src/run/run.ts'
import type { RunSpec } from '../../../../src/run/spec.ts'
import { isGivenUp, keptTrials, requireTrial, roundOf } from '../../../../src/run/trials/rounds.ts'
import type { TrialScore } from '../../../../src/run/trials/score.ts'

const list = ['t1', 't2', 't3', 't4']

/** What is put stays, as in the bucket. */
const artifacts = () => {
  const kept = new Map<string, unknown>([['list', list]])
  const findJson = async <Value>(key: string) => kept.get(key) as Value | undefined
  const keepJson = async <Value>(key: string, make: () => Promise<Value>) => {
    if (!kept.has(key)) kept.set(key, await make())
    return kept.get(key) as Value
  }
  return { kept, findJson, keepJson }
}

const spec = (budgetMs?: number): RunSpec =>
  ({ trials: list.map((id) => ({ id })), ...(budgetMs !== undefined && { budgetMs }) }) as unknown as RunSpec // what rounds read
const run = (spentMs: number): Run => ({ id: 'r', attempt: 1, spentMs }) as Run // what rounds read

// Four trials at once: 4 x 1000 ms of fits are 1000 ms by the clock, of which 600 are the trials'.
test.for([
  { given: 'no budget', budgetMs: undefined, spentMs: 1e9, trialId: 't4', givenUp: false },
  { given: 'a budget not used up', budgetMs: 1000, spentMs: 2400, trialId: 't4', givenUp: false },
  { given: 'a budget used up', budgetMs: 1000, spentMs: 2401, trialId: 't2', givenUp: true },
  { given: 'a budget used up, the first trial', budgetMs: 1000, spentMs: 1e9, trialId: 't1', givenUp: false },
])('$given -> given up: $givenUp', async ({ budgetMs, spentMs, trialId, givenUp }) => {
  const ports = artifacts()
  expect(await isGivenUp(ports)(run(spentMs), spec(budgetMs), 'list', 'cut', trialId)).toBe(givenUp)
})

test('what was decided once -> stays: those from there on are out, those before it in, whatever the clock says later', async () => {
  const ports = artifacts()
  const ask = (spentMs: number, trialId: string) => isGivenUp(ports)(run(spentMs), spec(1000), 'list', 'cut', trialId)
  expect(await ask(1e9, 't3')).toBe(true)
  expect(await ask(0, 't4')).toBe(true)
  expect(await ask(1e9, 't2')).toBe(false)
  expect(await keptTrials(ports)(list, 'cut')).toEqual(['t1', 't2'])
})

test('a round that ended without a cut -> none comes later', async () => {
  const ports = artifacts()
  expect(await keptTrials(ports)(list, 'cut')).toEqual(list)
  expect(await isGivenUp(ports)(run(1e9), spec(1000), 'list', 'cut', 't2')).toBe(false)
})

const failed = { failure: { code: 'BAD_RUN', cause: 'too hot', step: 'fit' } } as TrialScore // what rounds read
const scored = { loss: 1 } as TrialScore // what rounds read

test.for([
  { given: 'every trial failed', scores: [failed, failed], ends: 1 },
  { given: 'one is left', scores: [failed, scored], ends: 0 },
])('$given -> the run ended by the first failure: $ends', async ({ scores, ends }) => {
  const told: unknown[] = []
  const endRun = async (...end: readonly unknown[]) => told.push(end)
  const asked = requireTrial({ endRun })(run(0), scores)
  if (ends === 0) await asked
  else await expect(asked).rejects.toThrow('too hot')
  expect(told).toEqual(ends === 0 ? [] : [['r', 1, { state: 'failed', failure: failed.failure }]])
})

test('41 trials -> by the key of their list alone, so that the state stays small', () => {
  const many = Array.from({ length: 41 }, (_, at) => `t${at}`)
  expect(roundOf(1, 'key', many)).toEqual({ rung: 1, itemsKey: 'key', map: 'distributed', trialIds: [] })
  expect(roundOf(0, 'key', ['t1'])).toEqual({ rung: 0, itemsKey: 'key', map: 'inline', trialIds: ['t1'] })
})
