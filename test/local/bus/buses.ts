/** What the tests of the bus share: a bus whose targets are lists, and a clock that can be set. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BusOptions, createBus } from '../../../local/bus/bus.ts'
import type { Resource } from '../../../local/service.ts'
import { sleep } from '../../../local/sleep.ts'

export const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:f'
export const machineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:m'
export const queueArn = 'arn:aws:sqs:us-east-1:000000000000:q'
export const ruleArnOf = (name: string) => `arn:aws:events:us-east-1:000000000000:rule/${name}`

/** A template's rule. */
export const ruleResource = (name: string, properties: object): Resource => ({
  stack: 'Test',
  logicalId: name,
  type: 'AWS::Events::Rule',
  ref: name,
  attributes: { Arn: ruleArnOf(name) },
  properties,
})

/** The clock runs this many times faster. */
const clockRate = 1000

export type Received = { readonly to: string; readonly body: unknown; readonly attributes?: object }

export const openBus = (changes: Partial<BusOptions> = {}) => {
  const origin = Date.now()
  const received: Received[] = []
  const bus = createBus({
    folder: mkdtempSync(join(tmpdir(), 'percall-bus-')),
    now: () => origin + (Date.now() - origin) * clockRate,
    sleep: (durationMs, signal) => sleep(durationMs / clockRate, signal),
    authorize: () => undefined,
    permits: () => true,
    invokeAsync: (to, payload) => received.push({ to, body: JSON.parse(payload) }),
    startExecution: ({ stateMachineArn, input }) => received.push({ to: stateMachineArn, body: JSON.parse(input) }),
    sendMessage: (to, body, attributes) => received.push({ to, body: JSON.parse(body), attributes }),
    ...changes,
  })
  return {
    bus,
    received,
    /** Waits until so many deliveries arrived. */
    arrived: async (count: number) => {
      while (received.length < count) await new Promise((resolve) => setTimeout(resolve, 2))
      return received
    },
  }
}
