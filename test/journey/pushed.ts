import type { Send } from '../stack/stack.ts'

/** Pushes a version that a test needs. Throws what the service answered instead: all that follows would only say 404. */
export const pushed = async ({ send }: { readonly send: Send }, model: string, bytes: Uint8Array): Promise<void> => {
  const headers = { 'content-type': 'application/octet-stream' }
  const { status, body } = await send('POST', `/api/models/${model}/versions`, { body: bytes, headers })
  if (status !== 201) throw new Error(`push of ${model}: expected 201, got ${status}: ${JSON.stringify(body)}`)
}
