/** What was fixed when a call was admitted: its time, and with it hour, price and chain. */
export type Admission = { readonly admittedAtMs: number }

/** What one answered call used; the price's unit decides which number is charged. */
export type Usage = {
  readonly model: string
  readonly version: number
  readonly rows: number
  readonly durationMs: number
  readonly cold: boolean
  readonly requestId: string
}

/** What one answered call costs. */
export type Charge = { readonly units: number; readonly costNano: number }
