import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { afterAll, expect, inject, test } from 'vitest'
import { createOwnerKey } from '../../adapters/access/owner-key.ts'
import { createRandom } from '../../src/random.ts'
import { overlapping } from '../functions/training-service.ts'
import { changedAssembly, productAssembly, type Template } from '../stack/assembly.ts'
import { type ServiceProcess, startServiceProcess } from '../stack/service-process.ts'
import { awsClients, type Send, sender } from '../stack/stack.ts'
import { endOf as endOfUndisturbed } from './tour.ts'

const folder = mkdtempSync(join(tmpdir(), 'percall-train-kill-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const long = Boolean(process.env.PERCALL_LONG)
/** Of single functions, of one run each; and of the whole service, in one run. */
const functionKills = long ? 20 : 1
const serviceKills = long ? 20 : 1
const limitSeconds = 2

/** Descent on so many rows takes some seconds in all: with PERCALL_LONG several times the limit. */
const iterations = long ? 60_000 : 20_000
const parameters = { linear: { solver: 'gradient-descent', learningRate: 0.001, iterations } }
const asked = { dataset: 'kill', target: 'a', gate: 'none', algorithms: ['linear'], parameters, fresh: true }

const open = async (assembly: string, data: string) => {
  mkdirSync(data, { recursive: true })
  const service = await startServiceProcess(assembly, data)
  const { documents, kms } = awsClients(service)
  const { RegistryTable = '', KeyArn = '' } = service.outputs.PercallService ?? {}
  const place = { registryTable: RegistryTable, keyArn: KeyArn, documents, kms, nowMs: () => Date.now() }
  const { secret } = await createOwnerKey(place)
  return { service, key: secret, send: sender(service.url, secret) }
}

const addTable = async (send: Send): Promise<void> => {
  const headers = { 'content-type': 'text/csv' }
  expect((await send('POST', '/api/datasets/kill/versions', { body: overlapping(), headers })).status).toBe(201)
}

const start = async (send: Send, model: string): Promise<string> =>
  (await send('POST', '/api/runs', { body: { ...asked, model } })).body.id

const digestOf = async (send: Send, model: string): Promise<string> => {
  const { body } = await send('GET', `/api/models/${model}/versions`)
  expect(body.versions).toHaveLength(1)
  return (await send('GET', `/api/models/${model}/versions/1`)).body.digest
}

/** The end of a run, asked of a service whose control function may be among those that are killed. */
const endOf = async ({ send }: { readonly send: Send }, id: string) =>
  await endOfUndisturbed(
    {
      send: async (method, path, options) => {
        for (;;) {
          // A kept connection to a service that was killed is reset.
          const answer = await send(method, path, options).catch(() => undefined)
          if (answer && answer.status < 500) return answer
          await setTimeout(100)
        }
      },
    },
    id,
  )

/** Processes of functions: the service's own children. */
const functionProcesses = ({ child }: ServiceProcess): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(child.pid)
      } catch {
        return false // it ended while it was looked at
      }
    })

test('SIGKILL of functions and of the service during runs -> each ends as if never disturbed, with the same digest', {
  timeout: long ? 3_600_000 : 600_000,
}, async () => {
  const assembly = await productAssembly(inject('runFolder'))
  const data = join(folder, 'data')
  let { service, key, send } = await open(assembly, data)
  const random = createRandom(1)
  let killed = 0
  try {
    await addTable(send)
    expect(await endOf({ send }, await start(send, 'whole'))).toMatchObject({ state: 'succeeded' })
    const expected = await digestOf(send, 'whole')
    const id = await start(send, 'functions')
    for (let kill = 0; kill < functionKills; kill++) {
      await setTimeout(200 + 1500 * random())
      const processes = functionProcesses(service)
      const pid = processes[Math.floor(random() * processes.length)]
      if (pid === undefined) continue
      process.kill(pid, 'SIGKILL')
      killed += 1
    }
    expect(await endOf({ send }, id)).toMatchObject({ state: 'succeeded' })
    expect(await digestOf(send, 'functions')).toBe(expected)
    const other = await start(send, 'service')
    for (let kill = 0; kill < serviceKills; kill++) {
      await setTimeout(200 + (long ? 2500 : 1000) * random())
      await service.kill()
      service = await startServiceProcess(assembly, data)
      send = sender(service.url, key)
    }
    expect(await endOf({ send }, other)).toMatchObject({ state: 'succeeded' })
    expect(await digestOf(send, 'service')).toBe(expected)
    console.info(`kills: ${killed} of functions, ${serviceKills} of the service, all digests ${expected.slice(0, 12)}`)

    // A fit of several checkpoints is in test/functions/train.test.ts too.
    if (!long) return
    const limited = await limitedRun(assembly)
    expect(limited.digest).toBe(expected)
    expect(limited.checkpoints).toBeGreaterThan(0)
    console.info(`a limit of ${limitSeconds} s: ${limited.checkpoints} checkpoints, the same digest`)
  } finally {
    await service.kill()
  }
})

/** The same run where a fit has some seconds only. */
const limitedRun = async (assembly: string) => {
  const target = join(folder, 'limited')
  const shortened = changedAssembly(assembly, target, 'PercallTraining', (template: Template) => {
    const fits = Object.entries<Template>(template.Resources).filter(
      ([id, { Type }]) => Type === 'AWS::Lambda::Function' && /^train(re)?fit/.test(id),
    )
    expect(fits).toHaveLength(2)
    for (const [, { Properties }] of fits) Properties.Timeout = limitSeconds
  })
  const { service, send } = await open(shortened, join(folder, 'limited-data'))
  try {
    await addTable(send)
    const id = await start(send, 'limited')
    expect(await endOf({ send }, id)).toMatchObject({ state: 'succeeded' })
    const { s3Endpoint: endpoint, adminCredentials: credentials, region, outputs } = service
    const objects = new S3Client({ endpoint, credentials, region, forcePathStyle: true })
    const Bucket = outputs.PercallService?.DataBucket ?? ''
    const { Contents = [] } = await objects.send(new ListObjectsV2Command({ Bucket, Prefix: `runs/${id}/` }))
    const checkpoints = Contents.filter(({ Key = '' }) => Key.includes('/checkpoints/')).length
    return { digest: await digestOf(send, 'limited'), checkpoints }
  } finally {
    await service.kill()
  }
}
