/** The local service as a process of its own: `fork(child, [assembly, data])`; says its facts, answers 'environments' and 'requests'. */
import { startLocal } from '../../local/main.ts'

const [assembly = '', data = ''] = process.argv.slice(2)

const { url, awsEndpoint, s3Endpoint, adminCredentials, region, outputs, environments, requests, close } =
  await startLocal({
    assembly,
    data,
    port: 0,
  })

const facts = { url, awsEndpoint, s3Endpoint, adminCredentials, region, outputs: outputs.PercallService ?? {} }
export type ServiceFacts = typeof facts
export type EnvironmentFacts = ReturnType<typeof environments>
export type RequestFacts = ReturnType<typeof requests>

process.on('message', (asked) => process.send?.(asked === 'requests' ? requests() : environments()))
// The bench ended, by whatever cause: nothing stays behind.
process.once('disconnect', () => void close().then(() => process.exit(0)))
process.send?.(facts)
