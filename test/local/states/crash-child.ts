/** A process that runs a machine and is killed in the middle: `node crash-child.ts FOLDER`. */
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { machineResource, openStates } from './machines.ts'
import { steps, stepsArn } from './steps.ts'

const folder = process.argv[2]!
const service = await openStates({
  folder,
  functions: {
    note: async ({ step }: { step: string }) => {
      appendFileSync(join(folder, 'calls'), `${step}\n`)
      // The second step never answers here: the kill comes while it is in flight.
      if (step === 'b') await new Promise(() => setInterval(() => undefined, 1000))
      return step
    },
  },
})
service.states.addStateMachine(machineResource('steps', steps))
service.states.startExecution({ stateMachineArn: stepsArn, name: 'killed' }, { kind: 'admin' })
