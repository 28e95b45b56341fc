import type { PredictPorts } from '../../adapters/wiring/predict.ts'
import { formatNano } from '../../src/billing/money.ts'
import { parseJson } from '../../src/body.ts'
import type { Call } from '../../src/call/call.ts'
import { readInfer } from '../../src/call/infer.ts'
import { parseUnknown, readRows } from '../../src/call/instances.ts'
import { type Purpose, purposes, type Quote, quoteCall } from '../../src/call/quote.ts'
import { readEmbeddings } from '../../src/embedding/embedding-question.ts'
import { parseEmbeddingRequest } from '../../src/embedding/embedding-request.ts'
import { PercallError } from '../../src/errors.ts'
import { parseReference } from '../../src/registry/version.ts'
import { headerLengthName } from '../../src/tensor/frame.ts'
import { uploadNamed } from '../../src/upload.ts'
import { jsonText, mediaType } from '../middleware/decode.ts'
import { priceBody } from '../price-body.ts'
import { json, type Route, type RouteRequest } from '../route.ts'
import { rowsBody } from './row-bodies.ts'
import { sentTensors } from './sent-tensors.ts'
import { withUpload } from './with-upload.ts'

type PredictRoute = Route<PredictPorts>

const verbSuffix = ':quote'

const purposeOf = (query: URLSearchParams): Purpose => {
  const text = query.get('for') ?? 'predict'
  const purpose = purposes.find((name) => name === text)
  if (!purpose) throw new PercallError('BAD_REQUEST', `for: expected ${purposes.join(' or ')}, got ${text}`)
  return purpose
}

const has = (body: unknown, member: string): boolean => typeof body === 'object' && body !== null && member in body

/** A body is of the route whose member it has: `inputs` of infer, `input` of embeddings, else `instances` of predict; to be explained, of explain. */
const readerOf = (
  request: RouteRequest,
  target: string,
  purpose: Purpose,
  { tokenizerOf, readExplain }: PredictPorts,
): Call['read'] => {
  if (purpose === 'explain') return readExplain(rowsBody(request), request.query, parseUnknown(request.query))
  const infer = readInfer(() => sentTensors(request))
  if (request.headers[headerLengthName] !== undefined) return infer
  if (mediaType(request) !== 'text/csv') {
    const body = parseJson(jsonText(request))
    if (has(body, 'inputs')) return infer
    if (has(body, 'input'))
      return readEmbeddings(parseEmbeddingRequest({ ...(body as object), model: target }), tokenizerOf)
  }
  return readRows(rowsBody(request), parseUnknown(request.query))
}

const quoteBody = (
  { version, rows, tokens, units, costNano, price, consumers, hour }: Quote,
  purpose: Purpose,
  currency: string,
) => ({
  name: version.model,
  version: version.number,
  for: purpose,
  rows,
  ...(tokens !== undefined && { tokens }),
  units,
  cost: formatNano(costNano),
  currency,
  price: price ? priceBody(price, currency) : null,
  ...(consumers && {
    consumers: {
      units: consumers.units,
      cost: formatNano(consumers.costNano),
      price: priceBody(consumers.price, currency),
    },
  }),
  until: new Date(hour.endMs).toISOString(),
})

const quote: PredictRoute['run'] = async (request, ports) => {
  const purpose = purposeOf(request.query)
  const target = (request.params.target ?? '').slice(0, -verbSuffix.length)
  const upload = uploadNamed(request.body)
  const sent = upload === undefined ? request : await withUpload(request, ports, upload)
  const asked = {
    principal: request.principal,
    reference: parseReference(target),
    read: readerOf(sent, target, purpose, ports),
  }
  const { resolve, meter, currency } = ports
  return json(200, quoteBody(await quoteCall({ resolve, admit: meter.admit })(asked, purpose), purpose, currency))
}

/** What a body would cost, without a call. */
export const quoteRoutes = [
  {
    method: 'POST',
    path: '/v1/models/{target}',
    access: 'key',
    scope: ['predict', 'explain'],
    form: { shown: `{model}${verbSuffix}`, fits: ({ target = '' }) => target.endsWith(verbSuffix) },
    run: quote,
  },
] as const satisfies readonly PredictRoute[]
