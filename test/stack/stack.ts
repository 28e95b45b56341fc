import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { inject } from 'vitest'
import { createOwnerKey } from '../../adapters/access/owner-key.ts'
import { type Running, startLocal } from '../../local/main.ts'
import { productAssembly } from './assembly.ts'

export type Answer = {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a JSON body whose shape the test expects
  readonly body: any
}

export type Send = (
  method: string,
  path: string,
  options?: {
    readonly body?: unknown
    readonly key?: string | null
    readonly headers?: Readonly<Record<string, string>>
  },
) => Promise<Answer>

/** The whole product on 127.0.0.1, with an owner's key. */
export type Stack = {
  readonly running: Running
  readonly ownerKey: string
  /** Sends with the owner's key unless another, or null for none, is given. Objects are sent as JSON, bytes as they are. */
  readonly send: Send
  readonly documents: DynamoDBDocumentClient
  /** The lines that the functions wrote of a request, with the cause of a fault. */
  readonly logged: (requestId: string) => readonly string[]
  readonly close: () => Promise<void>
}

const linesWith = (folder: string, text: string): readonly string[] =>
  readdirSync(folder)
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
    .filter((line) => line.includes(text))

export const startStack = async (
  options: { readonly assembly?: string; readonly data?: string } = {},
): Promise<Stack> => {
  const assembly = options.assembly ?? (await productAssembly(inject('runFolder')))
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'percall-stack-'))
  const running = await startLocal({ assembly, data, port: 0, compileCache: join(inject('runFolder'), 'compiled') })
  const { documents, kms } = awsClients(running)
  const { RegistryTable = '', KeyArn = '' } = running.outputs.PercallService ?? {}
  const place = { registryTable: RegistryTable, keyArn: KeyArn, documents, kms, nowMs: () => Date.now() }
  const { secret } = await createOwnerKey(place)
  const close = async (): Promise<void> => {
    await running.close()
    if (options.data === undefined) rmSync(data, { recursive: true, force: true })
  }
  const logged: Stack['logged'] = (requestId) => linesWith(join(data, 'logs'), requestId)
  return { running, ownerKey: secret, send: sender(running.url, secret), documents, logged, close }
}

export const awsClients = ({
  awsEndpoint,
  adminCredentials,
  region,
}: Pick<Running, 'awsEndpoint' | 'adminCredentials' | 'region'>) => {
  const config = { endpoint: awsEndpoint, credentials: adminCredentials, region }
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(config), {
    marshallOptions: { removeUndefinedValues: true },
  })
  return { documents, kms: new KMSClient(config) }
}

/** Requests to a service at `url`, with a key. */
export const sender =
  (url: string, ownerKey: string): Send =>
  async (method, path, { body, key = ownerKey, headers = {} } = {}) => {
    const raw = body instanceof Uint8Array || typeof body === 'string'
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && !raw && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: raw ? Buffer.from(body) : JSON.stringify(body) }),
    })
    const text = await response.text()
    const json = /json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text }
  }
