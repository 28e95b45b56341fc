import { expect, test } from 'vitest'
import { type JobAnswer, type JobEvent, jobAnswer, runJob } from '../../../../src/run/engine/job.ts'

const event: JobEvent = { runId: 'r', attempt: 2 }
const trial = { ...event, trialId: 't1', rung: 0 }

/** Runs a job over states that answer in turn, and tells what was called and kept. */
const work = async (step: string, given: JobEvent, answers: readonly (object | Error)[]) => {
  const calls: string[] = []
  const kept: Record<string, JobAnswer> = {}
  const runState = async (state: string) => {
    const answer = answers[calls.length]
    calls.push(state)
    if (answer instanceof Error) throw answer
    return { ...answer }
  }
  const keep = async (name: string, answer: JobAnswer) => Object.assign(kept, { [name]: answer })
  await runJob({ runState, keep })(step, given)
  return { calls, kept }
}

test('a fit of three slices -> three calls and its score, the answer kept by trial and round', async () => {
  const on = { status: 'continue', checkpointKey: 'k' }
  const done = { status: 'done', checkpointKey: 'e' }
  expect(await work('fit', trial, [on, on, done, {}])).toEqual({
    calls: ['fit', 'fit', 'fit', 'score'],
    kept: { 'jobs/fit-2-t1-0.json': { answer: done } },
  })
})

test('a trial that was given up -> no score; another state -> one call', async () => {
  expect((await work('fit', trial, [{ status: 'given up' }])).calls).toEqual(['fit'])
  // It knows the round, and is the only one of its run.
  expect(await work('choose', { ...event, rung: 1 }, [{ choiceKey: 'c' }])).toEqual({
    calls: ['choose'],
    kept: { 'jobs/choose-2.json': { answer: { choiceKey: 'c' } } },
  })
})

test('a refusal -> kept, and thrown again by whoever reads the answer', async () => {
  const refusal = Object.assign(new Error('BAD_TABLE: column a: expected numbers'), { name: 'PercallError' })
  const { kept } = await work('prepare', event, [refusal])
  expect(() => jobAnswer(kept['jobs/prepare-2.json']!)).toThrow(
    expect.objectContaining({ code: 'BAD_TABLE', message: 'column a: expected numbers' }),
  )
})

test('another error -> the job fails, and nothing is kept', async () => {
  await expect(work('refit', event, [new Error('the disk is full')])).rejects.toThrow('the disk is full')
})
