import { afterAll, beforeAll, expect, test } from 'vitest'
import { runStates } from '../../infra/run-definition.ts'
import { createRandom } from '../../src/random.ts'
import type { RunSpec } from '../../src/run/spec.ts'
import { openTrainingService, overlapping, type TrainingService } from './training-service.ts'
import { cutTransport, liveThrough, newLife } from './transport-faults.ts'

const long = Boolean(process.env.PERCALL_LONG)
const schedules = long ? Number(process.env.PERCALL_LONG_SCHEDULES ?? 500) : 4
/** A state is tried four times (infra/run-definition.ts): more deaths than three would end the run. */
const mostDeaths = 3
/** Most states send fewer requests: then they live. */
const lastRequest = 10
const deathShare = 0.3

let service: TrainingService
let restore: () => void
let spec: RunSpec
beforeAll(async () => {
  service = await openTrainingService()
  restore = cutTransport()
  await service.upload('kill', overlapping())
})
afterAll(async () => {
  restore()
  await service.close()
})

const ask = { dataset: 'kill', target: 'target', gate: 'none' }

/** A run by the spec that the first one made, cut to two rounds and two folds: two trials, of which one goes on. */
const trainBySpec = async (model: string) => {
  service.machine.hooks.before = async (state, { runId }) => {
    // The plan keeps a spec that is there.
    if (state === 'plan') await service.putData(`runs/${runId}/spec.json`, { ...spec, model })
  }
  return service.train({ ...ask, model, fresh: true })
}

const digests = async (model: string) => {
  const { body } = await service.ask('GET', `/api/models/${model}/versions`)
  expect(body.versions).toHaveLength(1)
  const { body: version } = await service.ask('GET', `/api/models/${model}/versions/1`)
  expect((await service.ask('GET', `/api/models/${model}`)).body.aliases).toEqual({ live: 1 })
  return version.digest
}

test(`${schedules} schedules of deaths -> each run ends as if never disturbed, with one version of the same digest`, {
  timeout: long ? 3_600_000 : 600_000,
}, async () => {
  const { machine } = service
  const fixed = { parameters: { logistic: {} } }
  const planned = await service.train({ ...ask, ...fixed, model: 'planned' })
  expect(planned).toMatchObject({ state: 'succeeded' })
  const whole = await service.doors.readData(`runs/${planned.id}/spec.json`)
  const rungs = [
    { share: 1 / 3, trials: 2, plannedMs: 1000 },
    { share: 1, trials: 1, plannedMs: 1000 },
  ]
  const [first] = whole.trials
  const second = { ...first, id: 't2', hyper: { ...first.hyper, C: 0.01 } }
  spec = { ...whole, trials: [first, second], rungs, folds: 2 }
  expect(await trainBySpec('undisturbed')).toMatchObject({ state: 'succeeded' })
  const expected = await digests('undisturbed')

  const killed = new Map<string, number>()
  // Variants are not asked for, so the run passes by `optimise`.
  const order = runStates.filter((state) => !['abandon', 'optimise', 'fail'].includes(state))
  let requests = 0
  for (let schedule = 0; schedule < schedules; schedule++) {
    const random = createRandom(schedule + 1)
    const deaths = new Map<string, number>()
    machine.hooks.around = async (state, event, work) => {
      const key = `${state} ${'trialId' in event ? event.trialId : ''} ${'rung' in event ? event.rung : ''}`
      const spent = deaths.get(key) ?? 0
      // Each state in its turn is sure to die at its first request or its second; the others by chance.
      const sure = spent === 0 && order.indexOf(state) % 6 === schedule % 6
      const due = spent < mostDeaths && (sure || random() < deathShare)
      const diesAt = due ? 1 + Math.floor(random() * (sure ? 2 : lastRequest)) : Number.POSITIVE_INFINITY
      const life = newLife(diesAt, random() < 0.5)
      try {
        return await liveThrough(life, work)
      } finally {
        requests = Math.max(requests, life.requests)
        if (life.dead) {
          deaths.set(key, spent + 1)
          killed.set(state, (killed.get(state) ?? 0) + 1)
        }
      }
    }
    const run = await trainBySpec(`killed-${schedule}`)
    machine.hooks.around = undefined
    expect(run, `schedule ${schedule}: ${JSON.stringify([...deaths])}`).toMatchObject({
      state: 'succeeded',
      version: 1,
    })
    expect(await digests(`killed-${schedule}`), `schedule ${schedule}`).toBe(expected)
  }
  expect(order.filter((state) => !killed.has(state))).toEqual([])
  const total = [...killed.values()].reduce((sum, count) => sum + count, 0)
  console.info(
    `kills: ${schedules} schedules, ${total} deaths at up to the ${requests}th request, all digests equal; ${[...killed].map(([state, count]) => `${state} ${count}`).join(', ')}`,
  )
})
