import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as cost from '../../bench/cost/cost.ts'
import { costText } from '../../bench/cost/cost-text.ts'
import { readResults } from '../../bench/measure/result.ts'

// From AWS's prices by Python's decimal module.
test.for([
  [
    'a function of 10 ms at 1769 MB: 0.2 + 1e6 * 0.01 * 1769/1024 * 0.0000133334',
    cost.functionUsd(10, 1769),
    0.43033866,
  ],
  ['one of no time: its requests', cost.functionUsd(0, 1769), 0.2],
  ['a row of one unit', cost.meterUsd(1), 0.625],
  ['row and record in a transaction, 2 * (1 + 1) units', cost.meterUsd(cost.keyedUnits(200)), 2.5],
  ['a record of 4 KB and more, 2 * (1 + 5) units', cost.meterUsd(cost.keyedUnits(4096)), 7.5],
  ['1650 bytes of logs: 1.65 GB * 0.5', cost.logsUsd(), 0.825],
  ['5 % of traces: 50,000 * 5 / 1e6', cost.tracesUsd(), 0.25],
  ['a call: 1 + 0.43033866 + 0.625 + 0.825 + 0.25', cost.callCost().total, 3.13033866],
  ['SageMaker Serverless: 1e6 * 0.01 * 0.00004 + 1.5 GB * 0.016', cost.serverlessUsd(), 0.424],
  ['a month of ml.c5.large: 730 * 0.102', cost.instanceMonthUsd(), 74.46],
  ['alone from 74.46 / 0.43033866 million calls', cost.breakEven(false).callsPerMonth / 1e6, 173.0261],
  ['which is a second, by 2,628,000', cost.breakEven(false).callsPerSecond, 65.8394607],
  ['behind a function of 15 ms at 256 MB: 0.2 + 1e6 * 0.015 * 0.25 * 0.0000133334', cost.frontUsd(), 0.25000025],
  ['at rest: 1 + 19 * 0.1', cost.atRestUsd(), 2.9],
  ['a million refusals: 1 + 0.2 + 0.02303387 + 1.075', cost.refusedCost().total, 2.29803387],
  ['a million rows: 0.47 GB * 0.45', cost.rowsMonthUsd(), 0.2115],
] as const)('%s', ([, computed, byHand]) => {
  expect(computed).toBeCloseTo(byHand, 4)
})

test('the write units that are priced -> those that the bench counted in real items', () => {
  const figures = readResults().get('network')?.figures ?? []
  const counted = (question: RegExp): number | undefined =>
    figures.find((figure) => question.test(figure.question))?.value.median
  expect(counted(/^size of a usage row/)).toBeLessThanOrEqual(1024)
  expect(counted(/^DynamoDB write units/)).toBe(cost.writeUnits.plain)
  expect(counted(/^the same with a key, 1 row/)).toBe(cost.writeUnits.keyed)
})

test('docs/cost.md -> what bench/cost/ writes', () => {
  expect(readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'cost.md'), 'utf8')).toBe(costText())
})
