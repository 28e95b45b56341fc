import * as z from 'zod'
import type { PredictPorts } from '../../adapters/wiring/predict.ts'
import { mayCall, requireGrant } from '../../src/access/principal.ts'
import { checkBody, parseJson } from '../../src/body.ts'
import type { Deployed } from '../../src/call/deployed.ts'
import { encodedJson } from '../../src/call/encoded.ts'
import { readInfer } from '../../src/call/infer.ts'
import { modelParameters } from '../../src/registry/model-parameters.ts'
import type { TensorSpec } from '../../src/registry/signature.ts'
import { type ModelReference, parseReference } from '../../src/registry/version.ts'
import { jsonText } from '../middleware/decode.ts'
import { negotiate } from '../middleware/negotiate.ts'
import { json, type Route, type RouteRequest, type RouteResponse } from '../route.ts'
import { serverMetadata } from '../server-metadata.ts'
import { call } from './answer.ts'
import { sentTensors } from './sent-tensors.ts'

type PredictRoute = Route<PredictPorts>

const platform = 'onnxruntime_onnx'

/** Lists and metadata grow with the models that there are, so they leave compressed where the caller accepts it. */
const jsonFor = ({ headers }: RouteRequest, value: unknown): RouteResponse => ({
  status: 200,
  ...negotiate(headers, encodedJson(JSON.stringify(value))),
})

const health: PredictRoute['run'] = () => json(200, { live: true, ready: true })

const referenceOf = ({ params: { model = '', version } }: RouteRequest): ModelReference =>
  parseReference(model, version)

const deployedOf = (request: RouteRequest, { resolve }: PredictPorts): Promise<Deployed> => {
  const reference = referenceOf(request)
  requireGrant(request.principal, reference.model)
  return resolve(reference)
}

const callableModels = async ({ principal }: RouteRequest, { listAllModels }: PredictPorts): Promise<string[]> =>
  (await listAllModels())
    .filter(({ name, lastVersion }) => lastVersion > 0 && mayCall(principal, name))
    .map(({ name }) => name)

const listModels: PredictRoute['run'] = async (request, ports) =>
  jsonFor(request, { models: await callableModels(request, ports) })

const tensorMetadata = ({ name, datatype, shape }: TensorSpec) => ({ name, datatype, shape })

const modelMetadata: PredictRoute['run'] = async (request, ports) => {
  const { version, manifest } = await deployedOf(request, ports)
  const versions = await ports.listAllVersions(version.model)
  const { inputs, outputs } = version.signature
  return jsonFor(request, {
    name: version.model,
    versions: versions.map(({ number }) => String(number)),
    platform,
    inputs: inputs.map(tensorMetadata),
    outputs: outputs.map(tensorMetadata),
    ...(manifest && { parameters: modelParameters(manifest) }),
  })
}

const modelReady: PredictRoute['run'] = async (request, ports) => {
  const { version } = await deployedOf(request, ports)
  return json(200, { name: version.model, ready: true })
}

const infer: PredictRoute['run'] = (request, { answer }) =>
  call(answer, request, { reference: referenceOf(request), read: readInfer(() => sentTensors(request)) })

// Every version that is registered was probed and can be called, so `ready` leaves none out.
export const indexSchema = z.object({ ready: z.boolean().optional() })

const repositoryIndex: PredictRoute['run'] = async (request, ports) => {
  if (request.body.length > 0) checkBody(indexSchema, parseJson(jsonText(request)))
  const names = await callableModels(request, ports)
  const versions = await Promise.all(names.map((name) => ports.listAllVersions(name)))
  return jsonFor(
    request,
    versions.flat().map(({ model, number }) => ({ name: model, version: String(number), state: 'READY', reason: '' })),
  )
}

/** Open Inference Protocol V2 over REST. */
export const openInferenceRoutes = [
  serverMetadata,
  { method: 'GET', path: '/v2/health/live', access: 'public', run: health },
  { method: 'GET', path: '/v2/health/ready', access: 'public', run: health },
  { method: 'GET', path: '/v2/models', access: 'key', run: listModels },
  { method: 'POST', path: '/v2/repository/index', access: 'key', run: repositoryIndex },
  { method: 'GET', path: '/v2/models/{model}', access: 'key', run: modelMetadata },
  { method: 'GET', path: '/v2/models/{model}/ready', access: 'key', run: modelReady },
  { method: 'POST', path: '/v2/models/{model}/infer', access: 'key', scope: ['predict'], run: infer },
  { method: 'GET', path: '/v2/models/{model}/versions/{version}', access: 'key', run: modelMetadata },
  { method: 'GET', path: '/v2/models/{model}/versions/{version}/ready', access: 'key', run: modelReady },
  {
    method: 'POST',
    path: '/v2/models/{model}/versions/{version}/infer',
    access: 'key',
    scope: ['predict'],
    run: infer,
  },
] as const satisfies readonly PredictRoute[]
