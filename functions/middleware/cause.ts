import type { Facts } from './telemetry.ts'

/** What a fault's line says of it. */
export const causeOf = (thrown: unknown): Facts => {
  if (!(thrown instanceof Error)) return { error: String(thrown) }
  const { cause } = thrown
  return { error: thrown.stack, ...(cause instanceof Error && { cause: cause.stack }) }
}
