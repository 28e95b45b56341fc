import { expect, onTestFinished, test } from 'vitest'
import { describeError } from '../../cli/describe-error.ts'
import { showProgress } from '../../cli/progress.ts'
import { runText } from '../../cli/run-text.ts'
import { waitForRun } from '../../cli/wait-for-run.ts'
import { connect } from '../../client/client.ts'
import { type RunBody, runNotices } from '../../client/training.ts'
import { type Reply, startService } from '../client/service.ts'

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

test('a leaderboard by ROC AUC -> the metric itself, not its loss; an engine -> named once', () => {
  const trial = { trialId: 't1', algorithm: 'gbdt', fitMs: 1 }
  const engine = { name: 'lambda', reason: 'r', memoryMb: 1, gbSeconds: 1, costUsd: '0', priceRegion: 'p' } as const
  const text = (metric: string) => runText({ ...run, engine, leaderboard: [{ ...trial, metric, loss: 0.25 }] }, [])
  expect(text('rocAuc')).toMatch(/rocAuc .*\n(-.*\n)?t1 +gbdt +0\.75000/)
  expect(text('logLoss')).toMatch(/logLoss .*\n(-.*\n)?t1 +gbdt +0\.25000/)
  expect(text('rmse')).toMatch(/engine +lambda: about/)
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

test.for<[string, Reply]>([
  ['hangs up', 'hang up'],
  ['closes', { status: 503 }],
])(
  'a service that %s under a run that is waited for -> nobody’s fault; the run goes on, and how to follow it',
  async ([, reply]) => {
    const body = JSON.stringify(run)
    const service = await startService([{ status: 200, headers: { 'content-type': 'application/json' }, body }, reply])
    onTestFinished(service.close)
    const waited = waitForRun(connect({ url: service.url, maxRetries: 0 }), 'r1', { promoted: true })
    expect(await waited.catch(describeError)).toMatchObject({
      ...{ exitCode: 6, fault: 'none', message: expect.stringContaining('run r1 had not ended when it was last seen') },
      hint: expect.stringMatching(/the run goes on: percall runs r1 shows how far it is/),
    })
  },
)

test('a run that waits, then fits, told beside a terminal -> each line once', () => {
  const written: string[] = []
  // What showProgress uses of a stream.
  const stream = { write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream
  const { show } = showProgress(stream)
  const queued = { ...run, state: 'queued' } as const
  for (const told of [queued, { ...queued, progress: { done: 0, of: 1 } }, { ...run, step: 'plan' }]) show(told)
  expect(written).toEqual(['queued\n', 'running plan\n'])
})

test.for<[Partial<RunBody>, string]>([
  [{ state: 'rejected', gate: { verdict: 'rejected', reason: 'no better' } }, 'none'],
  [{ state: 'failed', failure: { code: 'BAD_TABLE', cause: 'no rows', step: 'inspect' } }, 'yours'],
  [{ state: 'failed', failure: { code: 'INTERNAL', cause: 'lost', step: 'fit' } }, "the service's"],
])('a run that ended as %j -> the fault is of %s', async ([ended, fault]) => {
  const body = JSON.stringify({ ...run, ...ended })
  const service = await startService([{ status: 200, headers: { 'content-type': 'application/json' }, body }])
  onTestFinished(service.close)
  const waited = waitForRun(connect({ url: service.url }), 'r1', { promoted: true })
  expect(await waited.catch(describeError)).toMatchObject({ fault })
})
