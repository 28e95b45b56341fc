import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { priceInForce } from '../../src/billing/price.ts'
import { newPrice, priceSchema } from '../../src/billing/price-request.ts'
import { PercallError } from '../../src/errors.ts'
import { requireName } from '../../src/registry/model.ts'
import { priceBody } from '../price-body.ts'
import { json, type Route } from '../route.ts'
import { jsonBody } from './json-body.ts'
import { requireModel } from './models.ts'

type ControlRoute = Route<ControlPorts>

const show: ControlRoute['run'] = async ({ params }, ports) => {
  const { name } = await requireModel(ports, params.model)
  const prices = await ports.listPrices(name)
  const now = ports.hourAt(ports.nowMs())
  const current = priceInForce(prices, now.startMs)
  return json(200, {
    model: name,
    price: current ? priceBody(current, ports.currency) : null,
    prices: prices.map((price) => priceBody(price, ports.currency)),
  })
}

/** When a price begins: at once for a model's first, else the hour asked for, else the first that is not opened. */
const beginningOf = async (ports: ControlPorts, model: string, from: string | undefined): Promise<number> => {
  if (from !== undefined) {
    const fromMs = Date.parse(from)
    if (ports.hourAt(fromMs).startMs !== fromMs)
      throw new PercallError('BAD_REQUEST', `body.from: expected the start of an hour of the billing zone, got ${from}`)
    return fromMs
  }
  if ((await ports.listPrices(model)).length === 0) return 0
  return ports.hourAt(Math.max(ports.nowMs(), await ports.latestOpenedMs())).endMs
}

const put: ControlRoute['run'] = async (request, ports) => {
  const model = requireName('model', request.params.model ?? '')
  const body = jsonBody(priceSchema, request)
  const fields = newPrice(body)
  const fromMs = await beginningOf(ports, model, body.from)
  const price = await ports.putPrice({ model, ...fields, fromMs }, request.principal.keyId, ports.nowMs())
  return json(200, { model, ...priceBody(price, ports.currency) })
}

export const priceRoutes = [
  { method: 'GET', path: '/api/prices/{model}', access: 'owner', run: show },
  { method: 'PUT', path: '/api/prices/{model}', access: 'owner', run: put },
] as const satisfies readonly ControlRoute[]
