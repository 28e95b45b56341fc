import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KMSClient } from '@aws-sdk/client-kms'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import { vi } from 'vitest'
import { putConsumer } from '../../adapters/access/consumers.ts'
import { keyMac } from '../../adapters/access/key-secret.ts'
import { createKey } from '../../adapters/access/keys.ts'
import { createOwnerKey } from '../../adapters/access/owner-key.ts'
import type { Table } from '../../adapters/aws/table.ts'
import { createKeys } from '../../local/keys.ts'
import { auditOfConsumer } from '../../src/access/audited.ts'
import { serveJson } from '../local/json-server.ts'
import { startS3 } from '../local/objects/server.ts'
import { admin, attributes, keySchema, startTables, tableResource } from '../local/tables/setup.ts'
import { serveProbe } from './probe-endpoint.ts'

const keyArn = 'arn:aws:kms:us-east-1:000000000000:key/11111111-1111-1111-1111-111111111111'

const startKms = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'percall-keys-'))
  const keys = createKeys({ folder, authorize: () => {} })
  keys.addKey({
    stack: 'Test',
    logicalId: 'Key',
    type: 'AWS::KMS::Key',
    ref: '11111111-1111-1111-1111-111111111111',
    attributes: { Arn: keyArn },
    properties: { KeyPolicy: {} },
  })
  const server = await serveJson(keys.service, () => admin)
  const close = async (): Promise<void> => {
    await server.close()
    keys.close()
    rmSync(folder, { recursive: true })
  }
  return { url: server.url, close }
}

export type Asked = {
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly query?: string
  /** The caller's address. */
  readonly from?: string
  /** JSON, bytes, or text that is sent as it is. */
  readonly body?: unknown
}

let requests = 0

/** A request as the gateway's payload format 2.0 gives it to a function. */
const eventOf = (
  method: string,
  path: string,
  { key, headers, query = '', from = '127.0.0.1', body }: Asked,
): APIGatewayProxyEventV2 => {
  const bytes = body instanceof Uint8Array
  const text = bytes ? Buffer.from(body).toString('base64') : typeof body === 'string' ? body : JSON.stringify(body)
  const type = bytes ? 'application/octet-stream' : 'application/json'
  requests += 1
  const event = {
    version: '2.0',
    rawPath: path,
    rawQueryString: query,
    headers: {
      ...(body !== undefined && { 'content-type': type }),
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...headers,
    },
    requestContext: { requestId: `request-${requests}`, http: { method, path, sourceIp: from } },
    isBase64Encoded: bytes,
    ...(body !== undefined && { body: text }),
  }
  // The members that the handlers read; the gateway sends more.
  return event as unknown as APIGatewayProxyEventV2
}

type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>

const asClient =
  (handler: Handler) =>
  async (method: string, path: string, asked: Asked = {}) => {
    const event = eventOf(method, path, asked)
    const { statusCode, headers = {}, body = '', isBase64Encoded } = await handler(event, {} as Context)
    const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
    const isJson = /json/.test(String(headers['content-type'])) && !isBase64Encoded
    return { status: statusCode, headers, text: body, bytes, body: isJson ? JSON.parse(body) : undefined }
  }

/** Both handlers over our own DynamoDB, S3 and KMS, with an owner's key and a way to make consumers' keys. */
export const openDoors = async () => {
  const names = attributes({ pk: 'S', sk: 'S' })
  const resources = ['registry', 'ledger'].map((name) =>
    tableResource(name, { AttributeDefinitions: names, KeySchema: keySchema('pk', 'sk') }),
  )
  const nowMs = (): number => Date.now()
  const [tables, s3, kms] = await Promise.all([startTables({ resources, now: nowMs }), startS3(), startKms()])
  const probe = await serveProbe(s3.s3, 'plain')
  const before = { ...process.env }
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'OWNER',
    AWS_SECRET_ACCESS_KEY: 'owner-secret',
    AWS_ENDPOINT_URL_DYNAMODB: tables.url,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ENDPOINT_URL_KMS: kms.url,
    AWS_ENDPOINT_URL_LAMBDA: probe.url,
    PERCALL_REGISTRY_TABLE: 'registry',
    PERCALL_LEDGER_TABLE: 'ledger',
    PERCALL_ARTIFACTS_BUCKET: 'versioned',
    PERCALL_DATA_BUCKET: 'plain',
    PERCALL_KEY_ARN: keyArn,
    PERCALL_RUN_MACHINE_ARN: 'arn:aws:states:us-east-1:000000000000:stateMachine:runs',
    PERCALL_REGISTER_MACHINE_ARN: 'arn:aws:states:us-east-1:000000000000:stateMachine:registrations',
    PERCALL_PROBE_FUNCTION: 'probe',
    PERCALL_RECONCILE_FUNCTION: 'reconcile',
  })
  const documents = DynamoDBDocumentClient.from(tables.client, { marshallOptions: { removeUndefinedValues: true } })
  const registry: Table = { documents, table: 'registry' }
  const ledger: Table = { documents, table: 'ledger' }
  const client = new KMSClient({ endpoint: kms.url, region: 'us-east-1' })
  const owner = await createOwnerKey({ registryTable: 'registry', keyArn, documents, kms: client, nowMs })
  const mac = keyMac({ registry, kms: client, keyArn })
  const consumerKey = async (id: string, grants: readonly string[]): Promise<string> => {
    const after = { id, plan: 'postpaid', grants, createdAtMs: nowMs(), revision: 1 } as const
    const change = { actor: 'doors', action: 'consumer.create', before: undefined, after, atMs: nowMs() }
    await putConsumer(registry)(after, auditOfConsumer(change))
    return (await createKey(registry, mac)({ consumerId: id, createdAtMs: nowMs() }, 'doors')).secret
  }
  // The handlers read the environment when they are loaded: those of the worker's file before are of its services.
  const load = async (environment: Readonly<Record<string, string>> = {}) => {
    Object.assign(process.env, environment)
    vi.resetModules()
    const predict: Handler = (await import('../../functions/predict.ts')).handler
    const control: Handler = (await import('../../functions/control.ts')).handler
    return { predict: asClient(predict), control: asClient(control) }
  }
  const both = await load()
  /** The usage rows of every chain that was opened. */
  const usageRows = async () => {
    const { Items = [] } = await documents.send(new ScanCommand({ TableName: 'ledger', ConsistentRead: true }))
    return Items.filter(({ pk, kind }) => String(pk).startsWith('C#') && kind === 'row')
  }
  /** An object of the data bucket. */
  const readDataBytes = async (key: string): Promise<Uint8Array> => {
    const { Body } = await s3.s3.send(new GetObjectCommand({ Bucket: 'plain', Key: key }))
    if (!Body) throw new Error(`object ${key}: expected bytes`)
    return Body.transformToByteArray()
  }
  const readData = async (key: string) => JSON.parse(new TextDecoder().decode(await readDataBytes(key)))
  const close = async (): Promise<void> => {
    client.destroy()
    // The object itself stays: others hold it, and native code reads what it sets.
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
    await Promise.all([tables.close(), s3.close(), kms.close(), probe.close()])
  }
  const secretPlace = () => ({ registry, kms: client, keyArn })
  return {
    ...both,
    load,
    owner: owner.secret,
    registry,
    ledger,
    secretPlace,
    consumerKey,
    usageRows,
    readData,
    readDataBytes,
    close,
  }
}
