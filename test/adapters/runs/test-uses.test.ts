import { afterAll, beforeAll, expect, test } from 'vitest'
import { countTestUse } from '../../../adapters/runs/test-uses.ts'
import { startPlaces } from '../places.ts'

let places: Awaited<ReturnType<typeof startPlaces>>
beforeAll(async () => {
  places = await startPlaces()
})
afterAll(() => places.close())

test('runs on two datasets, one of them twice -> each run counts once, each dataset by itself', async () => {
  const count = countTestUse(places.registry)
  const uses = []
  for (const [dataset, runId] of [
    ['a', 'r1'],
    ['a', 'r2'],
    ['a', 'r1'],
    ['b', 'r3'],
    ['a', 'r4'],
  ] as const)
    uses.push(await count({ dataset, runId }))
  expect(uses).toEqual([1, 2, 2, 1, 3])
})
