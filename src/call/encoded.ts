/** An answer as its protocol wrote it; `headers` names at least its content-type. Bytes leave in base64. */
export type Encoded = { readonly body: string | Uint8Array; readonly headers: Readonly<Record<string, string>> }

export const encodedJson = (body: string): Encoded => ({ body, headers: { 'content-type': 'application/json' } })
