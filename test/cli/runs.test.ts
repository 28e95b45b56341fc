import { expect, onTestFinished, test } from 'vitest'
import { runText } from '../../cli/run-text.ts'
import { connect } from '../../client/client.ts'
import { type RunBody, runNotices } from '../../client/training.ts'
import { startService } from '../client/service.ts'

const run: RunBody = {
  id: 'r1',
  model: 'm',
  dataset: 'd',
  state: 'running',
  target: 'y',
  createdAt: '2026-11-24T00:00:00.000Z',
}

test.for([
  {
    given: 'a fit',
    added: { step: 'fit', progress: { done: 3, of: 9, loss: 0.5 } },
    said: /step +fit, 3 of 9, loss 0\.5/,
  },
  { given: 'a gate', added: { gate: { verdict: 'rejected', reason: 'no better' } }, said: /gate +rejected: no better/ },
  {
    given: 'a failure',
    added: { failure: { code: 'BAD_TABLE', cause: 'no rows', step: 'inspect' } },
    said: /failure +BAD_TABLE at inspect: no rows/,
  },
  { given: 'a version', added: { version: 2, promoted: true }, said: /model +m\/2, promoted to live/ },
  { given: 'metrics', added: { metrics: { r2: 0.82 } }, said: /r2 +0\.82/ },
])('a run with $given -> a line of it', ({ added, said }) => {
  expect(runText({ ...run, ...added }, [])).toMatch(said)
})

test('notices -> a line each', () => {
  expect(runText(run, ['left out a', 'left out b']).match(/notice .*/g)).toEqual([
    'notice   left out a',
    'notice   left out b',
  ])
})

test('events over several pages -> the notices of all, asked for after the last sequence', async () => {
  const page = (events: readonly object[], next: string) =>
    ({ status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ events, next }) }) as const
  const service = await startService([
    page(
      [
        { kind: 'step', step: 'fit' },
        { kind: 'notice', text: 'a' },
      ],
      '2',
    ),
    page([{ kind: 'notice', text: 'b' }], '3'),
    page([], '3'),
  ])
  onTestFinished(service.close)
  expect(await runNotices(connect({ url: service.url }), 'r1')).toEqual(['a', 'b'])
  expect(service.seen.map(({ url }) => url)).toEqual([0, 2, 3].map((after) => `/api/runs/r1/events?after=${after}`))
})
