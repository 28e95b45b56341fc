import { afterEach, expect, test, vi } from 'vitest'
import { exportPorts, listRefusals } from '../../adapters/exports/hours.ts'
import { hours, lineOf, startLedger } from '../adapters/folded-month.ts'

const hourMs = 3_600_000

afterEach(() => vi.unstubAllEnvs())

// The tick's event may come again a day later, with the time that it had.
test('what Stripe may have since 23 hours, by the clock -> named, and not sent again', async () => {
  const nowMs = Date.now()
  const { url, registry, ledger, addConsumer, fold, close } = await startLedger()
  try {
    vi.stubEnv('PERCALL_REGISTRY_TABLE', 'registry')
    vi.stubEnv('PERCALL_STRIPE_METER', 'percall')
    vi.stubEnv('PERCALL_KEY_ARN', 'none')
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', url)
    vi.stubEnv('AWS_REGION', 'us-east-1')
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'admin')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'none')
    // The wiring reads the environment once: that of the worker's file before is of its tables.
    vi.resetModules()
    const { monthEndPorts } = await import('../../adapters/wiring/month-end.ts')
    await addConsumer('acme', { stripeCustomer: 'cus_acme' })
    const hour = hours(nowMs - 25 * hourMs)
    await fold(hour, { acme: [lineOf('cars', 'p', 4, 5)] })
    const id = `${hour.label}/acme/cars`
    const sending = { until: 'acme/cars', told: [], unsure: [{ id, sinceMs: nowMs - 23 * hourMs }] }
    const ports = exportPorts(ledger, registry, 'stripe', { now: Date.now, hasTime: () => true })
    await ports.moveCursor({ done: 0, revision: 1, sending })
    // A request to Stripe would fail: there is no key.
    const exporting = monthEndPorts({
      ledger,
      eventBus: () => Promise.reject(new Error('no events are sent')),
      credentials: () => ({ accessKeyId: 'ROLE', secretAccessKey: 'none' }),
    }).export(() => true)
    await expect(exporting).rejects.toThrow(/^exports: 1 records were refused for good/)
    const { items } = await listRefusals(ledger)('stripe', { limit: 9 })
    expect(items).toMatchObject([{ id, reason: expect.stringMatching(/^it may have been sent at/) }])
  } finally {
    await close()
  }
})
