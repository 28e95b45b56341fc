import { StopExecutionCommand } from '@aws-sdk/client-sfn'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTrainingService, overlapping, type TrainingService } from './training-service.ts'

let service: TrainingService
beforeAll(async () => {
  service = await openTrainingService()
  await service.upload('sweep', overlapping())
})
afterAll(() => service.close())

// Fixed parameters: one trial, since no search is tested.
const fixed = { algorithms: ['logistic'], parameters: { logistic: {} } }
const asked = { dataset: 'sweep', target: 'target', gate: 'none', ...fixed }
const context = { getRemainingTimeInMillis: () => 60_000 }

const sweep = async () => {
  const { handler } = await import('../../functions/sweep-runs.ts')
  return handler({} as never, context) // it reads nothing of its event
}

const executionEnded = async (name: string): Promise<string | undefined> => {
  const executionArn = `${process.env.PERCALL_RUN_MACHINE_ARN?.replace(':stateMachine:', ':execution:')}:${name}`
  return (await service.machine.ended(executionArn)).status
}

test('an execution that failed, and could not even say so -> the sweep starts the next attempt, which goes on from what was kept', async () => {
  const { hooks, entered } = service.machine
  const whole = await service.train({ ...asked, model: 'whole' })
  hooks.before = (state, { attempt }) => {
    if (attempt === 1 && ['export', 'fail'].includes(state)) throw new Error('the environment died')
  }
  const started = await service.ask('POST', '/api/runs', { body: { ...asked, model: 'swept', fresh: true } })
  const { id } = started.body
  expect(await executionEnded(`${id}-1`)).toBe('FAILED')
  expect((await service.ask('GET', `/api/runs/${id}`)).body).toMatchObject({ state: 'running', attempt: 1 })
  const before = (await service.doors.readData(`runs/${id}/trials/t1/0/fits.json`)) as object

  expect(await sweep()).toEqual([{ runId: id, did: 'next attempt' }])
  expect(await service.ended(id)).toMatchObject({ state: 'succeeded', attempt: 2, version: 1 })
  expect(await service.doors.readData(`runs/${id}/trials/t1/0/fits.json`)).toEqual(before)
  const digest = async (model: string) => (await service.ask('GET', `/api/models/${model}/versions/1`)).body.digest
  expect(await digest('swept')).toBe(await digest('whole'))
  expect(entered.filter(({ event }) => event.runId === id && event.attempt === 2).length).toBeGreaterThan(5)
  expect(whole.spentMs).toBeGreaterThanOrEqual(0)
  expect(await sweep()).toEqual([])
})

test('an execution that was stopped while no event told of it -> the sweep closes its run', async () => {
  const { hooks } = service.machine
  hooks.before = async (state, { runId }) => {
    if (state !== 'choose') return
    const executionArn = `${process.env.PERCALL_RUN_MACHINE_ARN?.replace(':stateMachine:', ':execution:')}:${runId}-1`
    await service.machine.client.send(new StopExecutionCommand({ executionArn }))
    throw new Error('its function is gone too')
  }
  const started = await service.ask('POST', '/api/runs', { body: { ...asked, model: 'stopped', fresh: true } })
  expect(await executionEnded(`${started.body.id}-1`)).toBe('ABORTED')
  expect(await sweep()).toEqual([{ runId: started.body.id, did: 'close' }])
  expect(await service.ended(started.body.id)).toMatchObject({
    state: 'failed',
    failure: { code: 'INTERNAL', cause: expect.stringContaining('was stopped') },
  })
})
