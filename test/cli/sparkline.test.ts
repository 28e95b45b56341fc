import { expect, test } from 'vitest'
import { daysBetween, sparkline } from '../../cli/sparkline.ts'

test.for([
  { values: [], bars: '' },
  { values: [0, 0], bars: '▁▁' },
  { values: [0, 1, 2, 3, 4], bars: '▁▂▃▅▇' },
  { values: [1, 1000], bars: '▂▇' },
])('$values -> $bars', ({ values, bars }) => {
  expect(sparkline(values)).toBe(bars)
})

test('days over the end of a month -> each once', () => {
  expect(daysBetween('2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
})
