/** A process that accepts an event and is killed before any target takes it: `node crash-child.ts FOLDER`. */
import { functionArn, openBus, ruleResource } from './buses.ts'

const never = () => new Promise(() => setInterval(() => undefined, 1000))
const { bus } = openBus({ folder: process.argv[2]!, invokeAsync: never })
bus.addRule(ruleResource('kept', { EventPattern: { source: ['shop'] }, Targets: [{ Id: 't', Arn: functionArn }] }))
bus.start()
bus.putEvent({ source: 'shop', 'detail-type': 'Order', detail: { id: 1 } })
process.stdout.write('accepted\n')
