/** A billing zone and a currency that change under data that is there. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, inject, test } from 'vitest'
import { localKeys } from '../../cli/start/local-keys.ts'
import { changedAssembly, productAssembly } from '../stack/assembly.ts'
import { type Stack, startStack } from '../stack/stack.ts'
import { addModel, inferBody } from './models.ts'

const folder = mkdtempSync(join(tmpdir(), 'percall-terms-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Chosen = { readonly PERCALL_BILLING_ZONE?: string; readonly PERCALL_CURRENCY?: string }

/** The product as it is deployed with another zone or currency. */
const deployedWith = async (name: string, chosen: Chosen): Promise<string> =>
  changedAssembly(await productAssembly(inject('runFolder')), join(folder, name), 'PercallService', ({ Resources }) => {
    // biome-ignore lint/suspicious/noExplicitAny: a CloudFormation resource
    for (const { Type, Properties } of Object.values<any>(Resources))
      if (Type === 'AWS::Lambda::Function') {
        const variables = Properties.Environment?.Variables ?? {}
        for (const [key, value] of Object.entries(chosen)) if (key in variables) variables[key] = value
      }
  })

const data = join(folder, 'data')

const started = async (assembly: string, act: (stack: Stack) => Promise<void>): Promise<void> => {
  const stack = await startStack({ assembly, data })
  try {
    await act(stack)
  } finally {
    await stack.close()
  }
}

const infer = ({ send }: Stack, key?: string) =>
  send('POST', '/v2/models/add/infer', { body: inferBody(1), ...(key !== undefined && { key }) })

/** A function that starts on a busy machine may take longer than the gateway waits. */
const patient = { timeout: 120_000 }

const refused = (message: RegExp) => ({
  ...{ code: 'BILLING_FIXED', message: expect.stringMatching(message) },
  hint: expect.stringContaining('the flag that the message names'),
})

const octets = { 'content-type': 'application/octet-stream' }

test('a zone after an owner called, a currency after a call was charged -> refused by name at start and at each request', async () => {
  const plain = await productAssembly(inject('runFolder'))
  const berlin = await deployedWith('berlin', { PERCALL_BILLING_ZONE: 'Europe/Berlin' })
  const euro = await deployedWith('euro', { PERCALL_CURRENCY: 'EUR' })
  let keys = { ownerKey: '', consumerKey: '' }
  await started(plain, async (stack) => {
    keys = await localKeys(stack.running, data)
    const pushed = await stack.send('POST', '/api/models/add/versions', { body: addModel(1), headers: octets })
    expect(pushed).toMatchObject({ status: 201 })
    await expect.poll(async () => (await infer(stack)).status, patient).toBe(200)
  })

  const zone = /^billing zone: expected UTC, .*, got Europe\/Berlin; -c percall:billing-zone=UTC /
  await started(berlin, async (stack) => {
    await expect(localKeys(stack.running, data)).rejects.toMatchObject(refused(zone))
    const { status, body } = await infer(stack)
    expect({ status, code: body.code, error: body.error }).toEqual({
      ...{ status: 500, code: 'BILLING_FIXED', error: expect.stringMatching(zone) },
    })
  })

  // Nothing was charged yet.
  await started(euro, async (stack) => {
    expect(await localKeys(stack.running, data)).toEqual(keys)
    await stack.send('PUT', '/api/prices/add', { body: { unit: 'call', amount: '0.001' } })
    await expect.poll(async () => (await infer(stack, keys.consumerKey)).status, patient).toBe(200)
  })

  const currency = /^currency: expected EUR, .*, got USD; -c percall:currency=EUR /
  await started(plain, async (stack) => {
    await expect(localKeys(stack.running, data)).rejects.toMatchObject(refused(currency))
    expect((await infer(stack, keys.consumerKey)).body).toMatchObject({ code: 'BILLING_FIXED' })
    const { status, body } = await stack.send('GET', '/api/consumers/local-consumer/invoices')
    expect({ status, error: body.error }).toEqual({ status: 500, error: expect.stringMatching(currency) })
  })
})
