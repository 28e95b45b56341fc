/** Tables with a planted truth, searched as an owner would who names nothing but the target; with PERCALL_LONG only. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRandom, type Random } from '../../src/random.ts'
import { openTrainingService, type TrainingService } from './training-service.ts'

const long = process.env.PERCALL_LONG !== undefined

let service: TrainingService
beforeAll(async () => {
  if (long) service = await openTrainingService()
})
afterAll(() => service?.close())

const csv = (header: string, rows: number, line: (random: Random, row: number) => readonly unknown[]): string => {
  const random = createRandom(11)
  return `${header}\n${Array.from({ length: rows }, (_, row) => line(random, row).join(',')).join('\n')}\n`
}

/** Sum of 12 uniform numbers less 6: near to normal. */
const normal = (random: Random): number => Array.from({ length: 12 }, random).reduce((sum, x) => sum + x, -6)

const train = async (name: string, text: string, more: object = {}) => {
  expect((await service.upload(name, text)).status).toBe(201)
  return service.train({ model: name, dataset: name, target: 'y', ...more })
}

type Line = { readonly algorithm: string; readonly loss: number; readonly weight?: number }
const best = ({ leaderboard }: { leaderboard: readonly Line[] }): number =>
  Math.min(...leaderboard.map(({ loss }) => loss))
const bestOf = ({ leaderboard }: { leaderboard: readonly Line[] }, algorithm: string): number =>
  best({ leaderboard: leaderboard.filter((line) => line.algorithm === algorithm) })

describe.runIf(long)('planted tables', { timeout: 600_000 }, () => {
  test('pure noise -> rejected', async () => {
    const text = csv('a,b,c,d,y', 400, (random) => Array.from({ length: 5 }, () => normal(random)))
    expect(await train('noise', text)).toMatchObject({ state: 'rejected' })
  })

  test('the target copied with noise -> named as a leak and left out', async () => {
    const text = csv('a,copy,y', 400, (random) => {
      const a = normal(random)
      const y = a + normal(random)
      return [a, y + 0.05 * normal(random), y]
    })
    const run = await train('leak', text, { algorithms: ['linear'] })
    expect(run).toMatchObject({ state: 'succeeded' })
    const { body } = await service.ask('GET', `/api/runs/${run.id}/events`)
    expect(JSON.stringify(body)).toContain('column copy: left out as a leak')
    // What a knows of y: the noise has deviation 1.
    expect(best(run)).toBeGreaterThan(0.9)
  })

  test('one person in many rows -> known by the features at random, not better than the baseline by group', async () => {
    const people = Array.from({ length: 60 }, (_, person) => {
      const random = createRandom(person + 1)
      return { traits: [normal(random), normal(random), normal(random)], y: random() < 0.5 ? 'yes' : 'no' }
    })
    const text = csv('person,a,b,c,y', 1200, (random, row) => {
      const { traits, y } = people[row % 60]!
      return [`p${row % 60}`, ...traits.map((trait) => trait + 0.05 * normal(random)), y]
    })
    const asked = { algorithms: ['gbdt', 'forest'], columns: { person: { drop: true } } }
    const atRandom = await train('people', text, asked)
    const byGroup = await train('grouped', text, {
      algorithms: ['gbdt', 'forest'],
      split: { method: 'group', column: 'person' },
    })
    expect(best(atRandom)).toBeLessThan(0.1)
    expect(best(byGroup)).toBeGreaterThan(0.5)
  })

  test('XOR -> nets or trees, not logistic regression', async () => {
    const text = csv('a,b,c,y', 1200, (random) => {
      const [a, b] = [2 * random() - 1, 2 * random() - 1]
      return [a, b, random(), a * b > 0 ? 'same' : 'other']
    })
    const run = await train('xor', text)
    expect(run).toMatchObject({ state: 'succeeded' })
    expect(bestOf(run, 'logistic')).toBeGreaterThan(0.68)
    expect(best(run)).toBeLessThan(0.25)
    expect(new Set(run.leaderboard.map(({ algorithm }: Line) => algorithm)).size).toBe(4)
    expect(run.leaderboard.length).toBeGreaterThanOrEqual(12)
  })

  test('50,000 terms of which 200 tell -> succeeds, far better than chance', async () => {
    const random = createRandom(5)
    const tone = Array.from({ length: 50_000 }, (_, term) => (term % 250 === 0 ? (random() < 0.5 ? -1 : 1) : 0))
    const text = csv('words,y', 6000, () => {
      const terms = Array.from({ length: 40 }, () => Math.floor(random() * 50_000))
      for (let told = 0; told < 3; told++) terms.push(250 * Math.floor(random() * 200))
      const sum = terms.reduce((total, term) => total + tone[term]!, 0)
      return [terms.map((term) => `t${term}`).join(' '), sum + random() - 0.5 > 0 ? 'good' : 'bad']
    })
    const run = await train('terms', text)
    expect(run).toMatchObject({ state: 'succeeded' })
    expect(run.metrics.rocAuc).toBeGreaterThan(0.8)
  })

  test('1,000 columns and 200 rows, three of which tell -> better than the mean', async () => {
    const header = `${Array.from({ length: 1000 }, (_, column) => `x${column}`).join(',')},y`
    const text = csv(header, 200, (random) => {
      const cells = Array.from({ length: 1000 }, () => normal(random))
      return [...cells, 3 * cells[10]! - 3 * cells[500]! + 2 * cells[999]! + normal(random)]
    })
    const run = await train('columns', text, { split: { method: 'none' } })
    expect(run).toMatchObject({ state: 'succeeded' })
    // The mean's RMSE is sqrt(9 + 9 + 4 + 1).
    expect(best(run)).toBeLessThan(4)
  })

  test('a truth that drifts -> a random split flatters it, one by time does not', async () => {
    const text = csv('day,a,y', 1000, (random, row) => {
      const a = normal(random)
      const day = new Date(Date.UTC(2020, 0, 1) + row * 86_400_000).toISOString().slice(0, 10)
      return [day, a, a + 4 * Math.sin(row / 120) + 0.5 * normal(random)]
    })
    const atRandom = await train('drift', text, { algorithms: ['gbdt'], gate: 'none' })
    const split = { method: 'time', column: 'day' }
    const byTime = await train('drifting', text, { algorithms: ['gbdt'], gate: 'none', split })
    expect(byTime.metrics.rmse).toBeGreaterThan(2 * atRandom.metrics.rmse)
  })
})
