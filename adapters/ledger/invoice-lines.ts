import { createHash } from 'node:crypto'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import type { InvoiceBody, InvoiceLineBody } from '../../src/billing/invoice-body.ts'
import { type Item, queryAll, schema, type Table } from '../aws/table.ts'

// An item holds 400 KB, by the names and values of its attributes. The JSON text of lines is never shorter than those.
const mostBytes = 300_000

const partDigits = 4

const partsPk = (consumerId: string, month: string, digest: string): string => `VL#${consumerId}#${month}#${digest}`

/** An invoice as its item keeps it: lines that do not fit lie in items of their own. */
export type KeptInvoice = Omit<InvoiceBody, 'lines'> & {
  readonly lines?: readonly InvoiceLineBody[]
  readonly parts?: { readonly digest: string; readonly count: number }
}

/** JSON texts of at most so many bytes, in order; a line that is longer has a text of its own. */
const textsOf = (lines: readonly InvoiceLineBody[]): readonly string[] => {
  const texts: string[][] = [[]]
  let bytes = 0
  for (const line of lines) {
    const text = JSON.stringify(line)
    const more = Buffer.byteLength(text) + 1
    if (bytes + more > mostBytes) {
      texts.push([])
      bytes = 0
    }
    texts.at(-1)?.push(text)
    bytes += more
  }
  return texts.map((some) => `[${some.join()}]`)
}

/**
 * What the item of an invoice holds; lines that do not fit are put before, under the digest of their text. So an attempt that
 * fails, or another one with other lines, changes nothing of an invoice that is there.
 */
export const putLines =
  ({ documents, table }: Table) =>
  async ({ lines, ...body }: InvoiceBody): Promise<KeptInvoice> => {
    const texts = textsOf(lines)
    if (texts.length === 1) return { ...body, lines }
    const digest = createHash('sha256').update(texts.join()).digest('hex')
    const pk = partsPk(body.consumer, body.month, digest)
    for (const [i, text] of texts.entries()) {
      const Item = { pk, sk: String(i).padStart(partDigits, '0'), schema, lines: text }
      await documents.send(new PutCommand({ TableName: table, Item }))
    }
    return { ...body, parts: { digest, count: texts.length } }
  }

const textOf = ({ lines }: Item): string => String(lines)

/** The invoice with its lines. Throws where a part is missing or altered. */
export const withLines =
  (ledger: Table) =>
  async ({ lines, parts, ...body }: KeptInvoice): Promise<InvoiceBody> => {
    // In the order of `invoiceBody`, as the API answers it.
    const { total, paid, due, ...head } = body
    const whole = (all: readonly InvoiceLineBody[]): InvoiceBody => ({ ...head, lines: all, total, paid, due })
    if (!parts) return whole(lines ?? [])
    const texts = (await queryAll(ledger)(partsPk(body.consumer, body.month, parts.digest))).map(textOf)
    const digest = createHash('sha256').update(texts.join()).digest('hex')
    if (digest !== parts.digest)
      throw new Error(
        `invoice of ${body.consumer} ${body.month}: expected ${parts.count} parts of its lines with digest ${parts.digest}, got ${texts.length} with ${digest}`,
      )
    return whole(texts.flatMap((text) => JSON.parse(text) as readonly InvoiceLineBody[])) // put above, by this file only
  }
