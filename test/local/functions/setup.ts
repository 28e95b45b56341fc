import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFunctions, type Functions, type FunctionsOptions } from '../../../local/functions/functions.ts'
import { AwsError, type Resource } from '../../../local/service.ts'

const fixtures = join(import.meta.dirname, 'fixtures')

export const arnOf = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`

export const functionResource = (name: string, properties: object = {}): Resource => ({
  stack: 'Test',
  logicalId: name,
  type: 'AWS::Lambda::Function',
  ref: name,
  attributes: { Arn: arnOf(name) },
  properties: {
    Code: {},
    Role: 'arn:aws:iam::000000000000:role/probe',
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Timeout: 60,
    MemorySize: 512,
    ...properties,
  },
})

/** A runtime of its own in a temporary folder, with what it sent and the means to read its logs. */
export const setup = async (options: Partial<FunctionsOptions> = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'percall-test-functions-'))
  const messages: { queueArn: string; body: string; attributes: Readonly<Record<string, string>> }[] = []
  const events: unknown[] = []
  const open = (): Promise<Functions> =>
    createFunctions({
      folder,
      logFolder: join(folder, 'logs'),
      environmentOf: () => ({ AWS_ACCESS_KEY_ID: 'probe' }),
      authorize: (caller, action, resource) => {
        if (caller.kind === 'role') throw new AwsError('AccessDeniedException', `${action} on ${resource}`, 403)
      },
      sendToQueue: (_caller, queueArn, body, attributes) => messages.push({ queueArn, body, attributes }),
      putEvent: (event) => events.push(event),
      now: Date.now,
      layerModules: [],
      maxEnvironments: 2,
      ...options,
    })
  const functions = await open()
  const add = (name: string, properties: object = {}, fixture = 'probe', layers: readonly string[] = []) => {
    functions.addFunction(functionResource(name, properties), join(fixtures, fixture), layers)
    return name
  }
  return {
    folder,
    functions,
    messages,
    events,
    add,
    open,
    call: async (name: string, event: unknown) => {
      const outcome = await functions.invoke(arnOf(name), JSON.stringify(event))
      return { ...outcome, payload: JSON.parse(outcome.payload) }
    },
    log: (name: string) => readFileSync(join(folder, 'logs', `${name}.log`), 'utf8'),
    layer: (packages: readonly string[]) => {
      const layer = mkdtempSync(join(folder, 'layer-'))
      writeFileSync(join(layer, 'manifest.json'), JSON.stringify({ packages }))
      return layer
    },
    close: async () => {
      await functions.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Waits for a condition without a fixed pause; the test's own time limit ends it. */
export const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}
