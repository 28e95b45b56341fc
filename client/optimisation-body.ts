/** What was measured of variants of a version's graph. */

type VariantBody = { readonly name: string } & (
  | { readonly state: 'refused'; readonly reason: string }
  | {
      readonly state: 'measured'
      readonly figures: {
        readonly sizeBytes: number
        readonly gzipBytes: number
        readonly loadMs: number
        readonly oneRow: { readonly p50Ms: number; readonly p95Ms: number }
        readonly batch: { readonly rows: number; readonly p50Ms: number; readonly p95Ms: number }
        readonly peakMb: number
      }
      readonly quality: QualityBody
      /** Why it may not serve under the policy. */
      readonly beyond?: string
    }
)

export type QualityBody =
  | {
      readonly kind: 'labels'
      readonly rows: number
      readonly figures: readonly {
        readonly metric: string
        readonly float: number
        readonly difference: number
        readonly low: number
        readonly high: number
      }[]
    }
  | { readonly kind: 'outputs'; readonly values: number; readonly largest?: number; readonly mean?: number }

export type OptimisationBody = {
  readonly policy: string
  readonly chosen: string
  readonly reason: string
  readonly variants: readonly VariantBody[]
}
