/** Schedules of the ledger as fast-check's commands: shrinking one leaves the steps that matter. */
import fc from 'fast-check'
import type { Nano } from '../../src/billing/money.ts'
import { toNano } from '../../src/billing/money.ts'
import { plans } from '../../src/billing/plan.ts'
import type { CallPlan, Setting } from './core.ts'
import { hours } from './invariants.ts'
import type { Fate, Mutation, Owner } from './network.ts'
import { createWorld, type World } from './world.ts'

export type Run = { readonly world: World; readonly environments: ReturnType<World['environment']>[] }
type Model = Record<string, never>

const microtasks = () => new Promise<void>((resolve) => setImmediate(resolve))

const command = (name: string, act: (run: Run) => void | Promise<void>): fc.AsyncCommand<Model, Run> => ({
  check: () => true,
  run: async (_, run) => {
    run.world.world.step += 1
    await act(run)
    await microtasks()
    const [fault] = run.world.world.faults
    if (fault !== undefined) throw new Error(fault)
  },
  toString: () => name,
})

const consumerIds = ['pre', 'cap', 'free', 'post'] as const

// `pre` and `cap` are always capped by something, so that none of their rows may be without a lease.
const planChanges = [
  ...(['pre', 'cap'] as const).flatMap((id) =>
    (['prepaid', 'postpaid-capped'] as const).map((plan) => [id, plan] as const),
  ),
  ...(['free', 'post'] as const).flatMap((id) => plans.map((plan) => [id, plan] as const)),
]

const call: fc.Arbitrary<CallPlan> = fc
  .record({
    consumerId: fc.constantFrom('pre', 'pre', 'cap', 'cap', 'free', 'post'),
    rows: fc.constantFrom(1, 1, 1, 2, 3),
    name: fc.option(fc.nat(4), { nil: undefined, freq: 2 }),
    limited: fc.boolean(),
    fails: fc.constantFrom(false, false, false, false, false, false, false, true),
  })
  .map(({ name, consumerId, rows, ...rest }) => ({
    ...rest,
    consumerId,
    // One request for each key: twins and retries are equal.
    rows: name === undefined ? rows : 1 + (name % 3),
    ...(name !== undefined && { key: `${consumerId}${name}` }),
  }))

const fate = fc.constantFrom<Fate>(
  ...Array<Fate>(12).fill('answer'),
  ...(['answer lost', 'answer lost', 'lost', 'held', 'held', 'throttled'] as const),
)

const any = <Value>(values: readonly Value[], pick: number): Value | undefined =>
  values[pick % Math.max(1, values.length)]

/** Lets waiting requests go on, each with its fate; those of frozen processes wait on. */
const steps = fc.array(fc.tuple(fc.nat(30), fate), { minLength: 1, maxLength: 10 }).map((list) =>
  command(`steps ${JSON.stringify(list)}`, async ({ world: { network, world } }) => {
    for (const [pick, next] of list) {
      const awake = network.waiting.filter(({ owner }) => owner.frozenUntilStep <= world.step)
      const one = any(awake, pick)
      if (!one) return
      network.waiting.splice(network.waiting.indexOf(one), 1)
      const stormy = pick % 2 === 0 ? 'lost' : 'answer lost'
      one.resume(world.storm-- > 0 ? stormy : next)
      await microtasks()
    }
  }),
)

const untilHourEnd = (nowMs: number): number => hours(nowMs).endMs - nowMs

const time = fc
  .constantFrom<'second' | 'minute' | 'lease' | 'hour'>('second', 'second', 'minute', 'lease', 'hour')
  .map((what) =>
    command(`time ${what}`, ({ world: { world } }) => {
      const before = untilHourEnd(world.nowMs)
      world.nowMs += { second: 1_000, minute: 20_000, lease: 66_000, hour: Math.max(1_000, before - 2_000) }[what]
    }),
  )

const skew = fc.integer({ min: -4_000, max: 4_000 })

const kill = (owner: Owner): void => {
  owner.dead = true
}

export const commands = fc.commands(
  [
    ...Array(6).fill(steps),
    ...Array(4).fill(
      fc
        .tuple(fc.nat(5), call)
        .map(([pick, plan]) =>
          command(`call ${JSON.stringify(plan)} of ${pick}`, ({ environments }) =>
            any(environments, pick)?.serve(plan),
          ),
        ),
    ),
    fc
      .tuple(fc.nat(5), call, fc.nat(2))
      .map(([pick, plan, workers]) =>
        command(`accept ${JSON.stringify(plan)} of ${pick}, workers ${workers}`, ({ environments }) =>
          any(environments, pick)?.accept(plan, workers),
        ),
      ),
    time,
    time,
    fc.nat(20).map((pick) =>
      command(`deliver ${pick}`, ({ world: { network } }) => {
        network.held.splice(pick % Math.max(1, network.held.length), 1)[0]?.()
      }),
    ),
    skew.map((ms) =>
      command(`spawn ${ms}`, ({ environments, world }) => {
        environments.push(world.environment(ms))
      }),
    ),
    fc.nat(5).map((pick) =>
      command(`kill ${pick}`, ({ environments, world }) => {
        const one = any(environments, pick)
        if (!one) return
        kill(one.owner)
        environments.splice(environments.indexOf(one), 1, world.environment(0))
      }),
    ),
    // Its last request is still under way when a sweep looks for its lease.
    fc.tuple(fc.nat(5), skew).map(([pick, ms]) =>
      command(`kill ${pick} with its request held, sweep ${ms}`, ({ environments, world }) => {
        const one = any(environments, pick)
        if (!one) return
        const { network } = world
        const last = network.waiting.filter(({ owner }) => owner === one.owner)
        kill(one.owner)
        environments.splice(environments.indexOf(one), 1, world.environment(0))
        for (const request of last) {
          network.waiting.splice(network.waiting.indexOf(request), 1)
          request.resume('held')
        }
        world.world.nowMs += 66_000
        world.sweep(ms)
      }),
    ),
    fc.tuple(fc.nat(5), fc.integer({ min: 3, max: 40 })).map(([pick, forSteps]) =>
      command(`freeze ${pick} for ${forSteps}`, ({ environments, world: { world } }) => {
        const one = any(environments, pick)
        if (one) one.owner.frozenUntilStep = world.step + forSteps
      }),
    ),
    fc.integer({ min: 10, max: 90 }).map((requests) =>
      command(`storm of ${requests}`, ({ world: { world } }) => {
        world.storm = requests
      }),
    ),
    skew.map((ms) => command(`sweep ${ms}`, ({ world }) => world.sweep(ms))),
    skew.map((ms) => command(`fold ${ms}`, ({ world }) => world.fold(undefined, ms))),
    fc.constant(
      command('reconcile', ({ world }) => {
        world.reconcile()
      }),
    ),
    // By a clock that is far ahead.
    fc.boolean().map((early) =>
      command(`fold early ${early}`, ({ world }) => {
        world.fold(hours(world.world.nowMs - (early ? 3_598_000 : 3_700_000)).label, early ? 3_600_000 : 0)
      }),
    ),
    fc
      .tuple(fc.constantFrom('pre', 'free'), fc.integer({ min: 1, max: 9 }))
      .map(([id, amount]) => command(`credit ${id} ${amount}`, ({ world }) => world.credit(id, amount, 2))),
    fc
      .tuple(fc.constantFrom('cap', 'free'), fc.integer({ min: 0, max: 20 }))
      .map(([id, amount]) => command(`amount a month of ${id} ${amount}`, ({ world }) => world.recap(id, amount))),
    fc
      .tuple(fc.constantFrom(...planChanges), fc.integer({ min: 0, max: 20 }))
      .map(([[id, plan], cap]) => command(`plan of ${id} ${plan} ${cap}`, ({ world }) => world.replan(id, plan, cap))),
    fc.integer({ min: 1, max: 4 }).map((nano) => command(`price ${nano}`, ({ world }) => world.reprice(nano))),
  ],
  { maxCommands: 90, size: 'max' },
)

const amount = fc.integer({ min: 0, max: 16 })

export const settings = fc.record({
  price: fc.integer({ min: 1, max: 3 }),
  prepaid: amount,
  cap: amount,
  free: fc.integer({ min: 0, max: 8 }),
  rest: fc.integer({ min: 0, max: 8 }),
  limitNano: fc.integer({ min: 0, max: 9 }),
})
export type Chosen = typeof settings extends fc.Arbitrary<infer Value> ? Value : never

/** Shortly before a month ends, and before an hour does. */
const startMs = Date.UTC(2026, 10, 30, 22, 59, 30)

export const begin = async (
  { price, prepaid, cap, free, rest, limitNano }: Chosen,
  mutation?: Mutation,
): Promise<Run> => {
  const monthly = (amountNano: number) => [{ month: '2026-11', amountNano: amountNano as Nano }]
  const setting: Setting = {
    consumers: [
      { id: 'pre', plan: 'prepaid' },
      { id: 'cap', plan: 'postpaid-capped', caps: monthly(cap) },
      { id: 'free', plan: 'prepaid', free: monthly(free) },
      { id: 'post', plan: 'postpaid' },
    ],
    credits: { ...(prepaid > 0 && { pre: prepaid }), ...(rest > 0 && { free: rest }) },
    limitNano: toNano(limitNano),
    startMs,
  }
  const world = createWorld(setting, mutation)
  await world.begin(price)
  return { world, environments: [world.environment(0), world.environment(2_000)] }
}

export { consumerIds, microtasks }
