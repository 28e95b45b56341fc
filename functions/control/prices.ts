import { z } from 'zod'
import type { ControlPorts } from '../../adapters/wiring-control.ts'
import { PercallError } from '../../src/errors.ts'
import { requireName } from '../../src/model.ts'
import { formatNano, parseNano } from '../../src/money.ts'
import { type Price, priceInForce } from '../../src/price.ts'
import { json, type Route } from '../route.ts'
import { jsonBody } from './json-body.ts'
import { requireModel } from './models.ts'

type ControlRoute = Route<ControlPorts>

export const priceSchema = z.strictObject({
  unit: z.enum(
    ['call', 'row', 'token'],
    'expected call, row or token: explained_row comes with the answers that it counts',
  ),
  amount: z.string(),
  minimumPerCall: z.string().default('0'),
  from: z.iso
    .datetime({ offset: true, error: 'expected the start of an hour such as 2026-12-01T00:00:00Z' })
    .optional(),
})

const priceBody = ({ id, unit, nanoPerUnit, minimumPerCallNano, fromMs }: Price, currency: string) => ({
  id,
  unit,
  amount: formatNano(nanoPerUnit),
  minimumPerCall: formatNano(minimumPerCallNano),
  currency,
  // A model's first price holds at once.
  from: fromMs === 0 ? null : new Date(fromMs).toISOString(),
})

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
  const { unit, amount, minimumPerCall, from } = jsonBody(priceSchema, request)
  const nanoPerUnit = parseNano('amount', amount)
  const minimumPerCallNano = parseNano('minimumPerCall', minimumPerCall)
  const fromMs = await beginningOf(ports, model, from)
  const price = await ports.putPrice({ model, unit, nanoPerUnit, minimumPerCallNano, fromMs })
  return json(200, { model, ...priceBody(price, ports.currency) })
}

export const priceRoutes = [
  { method: 'GET', path: '/api/prices/{model}', access: 'owner', run: show },
  { method: 'PUT', path: '/api/prices/{model}', access: 'owner', run: put },
] as const satisfies readonly ControlRoute[]
