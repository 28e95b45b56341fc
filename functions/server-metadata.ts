import { json, type Route } from './route.ts'

const specVersion = '2'
// Triton's names. Its model_repository extension needs load and unload, which no deployment of Percall has.
const extensions: readonly string[] = ['binary_tensor_data', 'classification', 'statistics']

/**
 * `GET /v2`. Both handlers have it: the gateway gives `/v2` to predict, and `/v2/`, which no route of its table can
 * name, to control.
 */
export const serverMetadata = {
  method: 'GET',
  path: '/v2',
  access: 'key',
  run: (_, { serverName }) => json(200, { name: serverName, version: specVersion, extensions }),
} as const satisfies Route<{ readonly serverName: string }>
