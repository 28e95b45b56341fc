/**
 * Amazon EventBridge: the default bus with its rules and schedules.
 * Does: PutEvents, ListRules, DescribeRule, ListTargetsByRule; patterns, inputs, retries, dead letters; an accepted
 * event is delivered after kill -9 (at least once). A schedule that fell due while nothing ran fires once at start.
 * Does not: other buses, archives, replays, pipes, the Scheduler service; each is refused by name.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Authorize, AwsError, type Caller, type JsonService, type PutEvent, type Resource } from '../service.ts'
import { sleep as realSleep, type Sleep } from '../sleep.ts'
import { type DeliveryPorts, deliver } from './delivery.ts'
import { type Delivery, openDeliveryStore } from './delivery-store.ts'
import { type BusEvent, envelope } from './event.ts'
import { busArn, putEventsOperation } from './put-events.ts'
import { type Rule, ruleOf } from './rule.ts'

export type BusOptions = DeliveryPorts & {
  readonly folder: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Waits of schedules and retries; setTimeout when absent. */
  readonly sleep?: Sleep
  readonly authorize: Authorize
}

export type Bus = {
  readonly service: JsonService
  /** Accepts one event of an AWS service; it is kept before this returns. */
  readonly putEvent: PutEvent
  readonly addRule: (resource: Resource) => void
  /** Delivers what an earlier process accepted and starts the schedules; call it once everything is added. */
  readonly start: () => void
  readonly close: () => Promise<void>
}

/** Opens the bus kept in `folder`. */
export const createBus = (options: BusOptions): Bus => {
  const { folder, now, sleep = realSleep, authorize } = options
  mkdirSync(folder, { recursive: true })
  const store = openDeliveryStore(join(folder, 'bus.sqlite'))
  const rules = new Map<string, Rule>()
  const closing = new AbortController()
  const underWay = new Set<Promise<void>>()
  const bring = deliver({ ...options, store, sleep })
  let started = false

  const keep = (work: Promise<void>) => {
    const settled = work
      .catch((error: unknown) => {
        if (!closing.signal.aborted) throw error
      })
      .finally(() => underWay.delete(settled))
    underWay.add(settled)
  }

  const dispatch = (delivery: Delivery) => {
    const rule = rules.get(delivery.ruleArn)
    const target = rule?.targets.find(({ id }) => id === delivery.targetId)
    // A rule or target that the new template no longer has takes its events with it, as on AWS.
    if (rule === undefined || target === undefined) return store.remove(delivery.id)
    keep(bring(rule, target, delivery, closing.signal))
  }

  const accept = (event: BusEvent, chosen: Iterable<Rule>): void => {
    const deliveries: Delivery[] = []
    store.inTransaction(() => {
      for (const rule of chosen) {
        const facts = { arn: rule.arn, name: rule.name, ingestionTime: new Date(now()).toISOString() }
        for (const target of rule.targets) {
          deliveries.push(store.add(rule.arn, target.id, target.input(event, facts), now()))
        }
      }
    })
    // Before start() the targets may not be there yet: it finds these deliveries in the store.
    if (started) for (const delivery of deliveries) dispatch(delivery)
  }

  const publish = (event: BusEvent) =>
    accept(
      event,
      [...rules.values()].filter(({ enabled, matches }) => enabled && matches(event)),
    )

  const putEvent: PutEvent = ({ source, detail, resources = [], ...rest }) =>
    publish(envelope({ source, detailType: rest['detail-type'], detail, resources, timeMs: now() }))

  const runSchedule = async (rule: Rule): Promise<void> => {
    const { signal } = closing
    let dueAtMs = store.scheduleDue(rule.arn, rule.schedule!) ?? rule.nextDue!(now())
    while (dueAtMs !== undefined) {
      store.setScheduleDue(rule.arn, rule.schedule!, dueAtMs)
      await sleep(Math.max(0, dueAtMs - now()), signal)
      signal.throwIfAborted()
      const facts = { source: 'aws.events', detailType: 'Scheduled Event', detail: {}, resources: [rule.arn] }
      accept(envelope({ ...facts, timeMs: dueAtMs }), [rule])
      dueAtMs = rule.nextDue!(Math.max(dueAtMs, now()))
    }
  }

  const found = (name: string): Rule => {
    const rule = [...rules.values()].find((each) => each.name === name)
    if (rule === undefined)
      throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus default.`)
    return rule
  }

  const operations = {
    PutEvents: putEventsOperation({ authorize, publish, now }),
    ListRules: (input: { NamePrefix?: string }, caller: Caller) => {
      authorize(caller, 'events:ListRules', `${busArn.replace(':event-bus/default', '')}:rule/*`)
      const listed = [...rules.values()].filter(({ name }) => name.startsWith(input.NamePrefix ?? ''))
      return { Rules: listed.map(describeRule) }
    },
    DescribeRule: (input: { Name: string }, caller: Caller) => {
      const rule = found(input.Name)
      authorize(caller, 'events:DescribeRule', rule.arn)
      return describeRule(rule)
    },
    ListTargetsByRule: (input: { Rule: string }, caller: Caller) => {
      const rule = found(input.Rule)
      authorize(caller, 'events:ListTargetsByRule', rule.arn)
      return { Targets: rule.targets.map(({ id, arn, roleArn }) => ({ Id: id, Arn: arn, RoleArn: roleArn })) }
    },
  }

  return {
    service: { target: 'AWSEvents', jsonVersion: '1.1', operations },
    putEvent,
    addRule: (resource: Resource) => {
      const rule = ruleOf(resource)
      rules.set(rule.arn, rule)
    },
    start: () => {
      started = true
      for (const delivery of store.all()) dispatch(delivery)
      for (const rule of rules.values()) if (rule.enabled && rule.nextDue !== undefined) keep(runSchedule(rule))
    },
    close: async () => {
      closing.abort(new Error('closed'))
      await Promise.all(underWay)
      store.close()
    },
  }
}

const describeRule = (rule: Rule) => ({
  Name: rule.name,
  Arn: rule.arn,
  EventPattern: rule.patternText,
  ScheduleExpression: rule.schedule,
  State: rule.enabled ? 'ENABLED' : 'DISABLED',
  Description: rule.description,
  EventBusName: 'default',
})
