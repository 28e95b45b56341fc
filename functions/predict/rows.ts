import type { PredictPorts } from '../../adapters/wiring-predict.ts'
import { PercallError } from '../../src/errors.ts'
import { parseUnknown, readInstances } from '../../src/instances.ts'
import { mayCall } from '../../src/principal.ts'
import { parseReference } from '../../src/version.ts'
import { jsonText } from '../middleware/decode.ts'
import { json, type Route } from '../route.ts'
import { call } from './answer.ts'

type PredictRoute = Route<PredictPorts>

const verbSuffix = ':predict'
const msPerSecond = 1000

const predict: PredictRoute['run'] = (request, { answer }) => {
  const { target = '' } = request.params
  // A gateway's path variable is a whole segment, so the verb behind the last colon is split off here.
  if (!target.endsWith(verbSuffix))
    throw new PercallError('UNKNOWN_ROUTE', `no route POST /v1/models/${target}; expected {model}${verbSuffix}`)
  return call(answer, request, {
    reference: parseReference(target.slice(0, -verbSuffix.length)),
    read: readInstances(jsonText(request), parseUnknown(request.query)),
  })
}

/** Both shapes at once: OpenAI's `data` and TensorFlow Serving's plain names. */
const listModels: PredictRoute['run'] = async ({ principal }, { listAllModels, serverName }) => {
  const models = (await listAllModels()).filter(({ name, lastVersion }) => lastVersion > 0 && mayCall(principal, name))
  return json(200, {
    object: 'list',
    data: models.map(({ name, createdAtMs }) => ({
      id: name,
      object: 'model',
      created: Math.floor(createdAtMs / msPerSecond),
      owned_by: serverName,
    })),
    models: models.map(({ name }) => name),
  })
}

/** Calls by rows. */
export const rowRoutes: readonly PredictRoute[] = [
  { method: 'GET', path: '/v1/models', access: 'key', run: listModels },
  { method: 'POST', path: '/v1/models/{target}', access: 'key', run: predict },
]
