import type { PredictPorts } from '../../adapters/wiring/predict.ts'
import { mayCall, requireGrant } from '../../src/access/principal.ts'
import { parseJson } from '../../src/body.ts'
import { readEmbeddings } from '../../src/embedding/embedding-question.ts'
import { parseEmbeddingRequest } from '../../src/embedding/embedding-request.ts'
import type { Model } from '../../src/registry/model.ts'
import { parseReference } from '../../src/registry/version.ts'
import { jsonText } from '../middleware/decode.ts'
import { json, type Route } from '../route.ts'
import { call } from './answer.ts'

type PredictRoute = Route<PredictPorts>

const msPerSecond = 1000

const openAiModel = (id: string, { createdAtMs }: Pick<Model, 'createdAtMs'>, serverName: string) => ({
  id,
  object: 'model',
  created: Math.floor(createdAtMs / msPerSecond),
  owned_by: serverName,
})

/** Both shapes at once: OpenAI's `data` and TensorFlow Serving's plain names. */
const list: PredictRoute['run'] = async ({ principal }, { listAllModels, serverName }) => {
  const models = (await listAllModels()).filter(({ name, lastVersion }) => lastVersion > 0 && mayCall(principal, name))
  return json(200, {
    object: 'list',
    data: models.map((model) => openAiModel(model.name, model, serverName)),
    models: models.map(({ name }) => name),
  })
}

const retrieve: PredictRoute['run'] = async ({ principal, params }, { resolve, listAllModels, serverName }) => {
  const { target = '' } = params
  const reference = parseReference(target)
  requireGrant(principal, reference.model)
  const [{ version }, models] = await Promise.all([resolve(reference), listAllModels()])
  const model = models.find(({ name }) => name === reference.model)
  // It was removed between the two reads, or the alias is cached.
  const { createdAtMs } = model ?? version
  return json(200, openAiModel(target, { createdAtMs }, serverName))
}

const embed: PredictRoute['run'] = (request, { answer, tokenizerOf }) => {
  const asked = parseEmbeddingRequest(parseJson(jsonText(request)))
  return call(answer, request, { reference: parseReference(asked.model), read: readEmbeddings(asked, tokenizerOf) })
}

/** What OpenAI's clients call: models and embeddings. */
export const openAiRoutes = [
  { method: 'GET', path: '/v1/models', access: 'key', run: list },
  {
    method: 'GET',
    path: '/v1/models/{target}',
    access: 'key',
    form: { shown: '{model}', fits: ({ target = '' }) => !target.includes(':') },
    run: retrieve,
  },
  { method: 'POST', path: '/v1/embeddings', access: 'key', scope: ['predict'], run: embed },
] as const satisfies readonly PredictRoute[]
