import * as z from 'zod'
import { PercallError } from './errors.ts'

/** The largest model that is registered, and the largest upload of a consumer. */
export const mostModelBytes = 1024 * 1024 * 1024

/** The largest file of a dataset; a single PUT of S3 takes 5 GB. */
export const mostDatasetBytes = 4 * 1024 * 1024 * 1024

// RFC 6838 4.2 allows 127 characters on each side of the slash.
const mostTypeCharacters = 255

/** What is asked of a place for one PUT. */
export const uploadSchema = z.strictObject({
  contentType: z
    .string()
    .max(mostTypeCharacters)
    .regex(/^[\w.+-]+\/[\w.+-]+$/, 'expected a media type without parameters'),
  sizeBytes: z.int().positive().max(mostModelBytes),
})

/** An owner's: a model or a dataset. */
export const ownerUploadSchema = uploadSchema.extend({ sizeBytes: z.int().positive().max(mostDatasetBytes) })

/** A place for one PUT of a consumer's bytes. */
export type Upload = {
  readonly id: string
  readonly consumer: string
  readonly contentType: string
  readonly sizeBytes: number
  readonly createdAtMs: number
}

export const uploadKey = (consumer: string, id: string): string => `uploads/${consumer}/${id}`

/** Also for another consumer's id: a refusal must not tell which ids are taken. */
export const unknownUpload = (id: string, why = 'none is kept'): PercallError =>
  new PercallError('UNKNOWN_UPLOAD', `upload ${id}: ${why}`)

const uploadBody = /^upload:([\w-]{1,64})\s*$/
const mostUploadBodyBytes = 100
// Told by one look: every warm call passes here.
const firstByte = 'u'.charCodeAt(0)

/** The id in a body `upload:{id}`, which stands where the upload's bytes would be too large; undefined for any other body. */
export const uploadNamed = (body: Uint8Array): string | undefined =>
  body[0] === firstByte && body.length <= mostUploadBodyBytes
    ? uploadBody.exec(new TextDecoder().decode(body))?.[1]
    : undefined
