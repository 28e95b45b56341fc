import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, inject, test } from 'vitest'
import { createOwnerKey } from '../../adapters/access/owner-key.ts'
import { productAssembly } from '../stack/assembly.ts'
import { type ServiceProcess, startServiceProcess } from '../stack/service-process.ts'
import { type Answer, awsClients, type Send, sender } from '../stack/stack.ts'
import { usageRows } from './ledger.ts'
import { addModel, inferBody } from './models.ts'
import { pushed } from './pushed.ts'
import { carsCsv, endOf } from './tour.ts'

const folder = mkdtempSync(join(tmpdir(), 'percall-kill-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const rounds = process.env.PERCALL_LONG ? 20 : 1
const parallel = 20
/** Each runs its file in a probe of its own. */
const pushesAtOnce = 4
/** After how many of the answers the kill comes: another moment of the work each round, and the same at each repeat. */
const killAfterAnswers = (round: number): number => 1 + ((round * 13) % (parallel + pushesAtOnce - 2))

const run = {
  model: 'cars',
  dataset: 'cars',
  target: 'Miles_per_Gallon',
  columns: { Name: { drop: true } },
  algorithms: ['linear'],
  fresh: true,
}

const ownerOf = async (service: ServiceProcess) => {
  const { documents, kms } = awsClients(service)
  const { RegistryTable = '', KeyArn = '' } = service.outputs.PercallService ?? {}
  const place = { registryTable: RegistryTable, keyArn: KeyArn, documents, kms, nowMs: () => Date.now() }
  return (await createOwnerKey(place)).secret
}

/** What was answered before the death; a request that the death cut off is undefined. */
const answered = async (requests: readonly Promise<Answer>[]): Promise<readonly (Answer | undefined)[]> =>
  (await Promise.allSettled(requests)).map((one) => (one.status === 'fulfilled' ? one.value : undefined))

/** Resolves when `count` of the requests are answered. */
const firstOf = (requests: readonly Promise<Answer>[], count: number): Promise<void> =>
  new Promise((resolve) => {
    let left = count
    for (const request of requests) {
      request.then(
        () => --left === 0 && resolve(),
        () => undefined, // cut off: the kill came before it
      )
    }
  })

const push = (send: Send, round: number) =>
  Array.from({ length: pushesAtOnce }, (_, i) =>
    send('POST', `/api/models/pushed-${i}/versions`, {
      body: addModel(1000 * round + i),
      headers: { 'content-type': 'application/octet-stream' },
    }),
  )

const call = (send: Send) =>
  Array.from({ length: parallel }, (_, i) => send('POST', '/v2/models/add/infer', { body: inferBody(i) }))

test('kill -9 during pushes, calls and a run -> all that was answered is there, each call once, the run ends', async () => {
  const assembly = await productAssembly(inject('runFolder'))
  const data = join(folder, 'data')
  mkdirSync(data)
  let service = await startServiceProcess(assembly, data)
  try {
    const key = await ownerOf(service)
    let send = sender(service.url, key)
    await pushed({ send }, 'add', addModel(1))
    await send('POST', '/api/datasets/cars/versions', { body: carsCsv(), headers: { 'content-type': 'text/csv' } })
    const calls = new Set<string>()
    let cut = 0
    for (let round = 1; round <= rounds; round++) {
      const { body: started } = await send('POST', '/api/runs', { body: run })
      // Warm: a death in the middle of answering, not of starting, is the hard one.
      const [warm] = await answered([send('POST', '/v2/models/add/infer', { body: inferBody(0) })])
      if (warm?.status === 200) calls.add(warm.headers.get('percall-request-id') ?? '')
      else cut++
      const requests = [push(send, round), call(send)] as const
      const work = requests.map(answered)
      await firstOf(requests.flat(), killAfterAnswers(round))
      await service.kill()
      const [pushes = [], answers = []] = await Promise.all(work)
      service = await startServiceProcess(assembly, data)
      send = sender(service.url, key)
      for (const pushed of pushes) {
        if (pushed?.status !== 201) continue
        const { body } = await send('GET', `/api/models/${pushed.body.name}/versions/${pushed.body.version}`)
        expect(body).toMatchObject({ digest: pushed.body.digest })
      }
      for (const answer of answers) {
        if (answer?.status === 200) calls.add(answer.headers.get('percall-request-id') ?? '')
        else cut++
      }
      expect(await endOf({ send }, started.id)).toMatchObject({ state: 'succeeded' })
    }
    const { documents } = awsClients(service)
    const rows = (await usageRows({ running: service, documents })).map(({ requestId }) => requestId)
    const written = new Set(rows)
    expect(rows).toHaveLength(written.size)
    expect([...calls].filter((id) => !written.has(id))).toEqual([])
    const unanswered = rows.filter((id) => !calls.has(id)).length
    expect(unanswered).toBeLessThanOrEqual(cut)
    console.log(`kill -9: ${rounds} rounds, ${calls.size} calls answered, ${cut} cut, ${unanswered} of those charged`)
  } finally {
    await service.kill()
  }
})
