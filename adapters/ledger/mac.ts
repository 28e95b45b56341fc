import {
  DecryptCommand,
  EncryptCommand,
  IncorrectKeyException,
  InvalidCiphertextException,
  type KMSClient,
} from '@aws-sdk/client-kms'

export type MacKey = { readonly kms: KMSClient; readonly keyArn: string }

// Bound into the ciphertext: nothing else that the key encrypts passes for the MAC of an hour.
const EncryptionContext = { purpose: 'percall-hours' }

/**
 * Base64 of the text's MAC by a key that never leaves KMS: its authenticated encryption (AES-GCM), of which only who may
 * call Encrypt can make one. An HMAC key would cost another dollar a month (docs/decisions/0042).
 */
export const macOf =
  ({ kms, keyArn }: MacKey) =>
  async (text: string): Promise<string> => {
    const Plaintext = new TextEncoder().encode(text)
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: keyArn, Plaintext, EncryptionContext }))
    if (!CiphertextBlob) throw new Error('MAC: expected KMS to make one, got nothing')
    return Buffer.from(CiphertextBlob).toString('base64')
  }

export const isMacOf =
  ({ kms, keyArn }: MacKey) =>
  async (text: string, mac: string): Promise<boolean> => {
    const CiphertextBlob = Buffer.from(mac, 'base64')
    // KMS refuses an empty one as a bad request.
    if (CiphertextBlob.length === 0) return false
    try {
      const { Plaintext } = await kms.send(new DecryptCommand({ KeyId: keyArn, CiphertextBlob, EncryptionContext }))
      return Plaintext !== undefined && new TextDecoder().decode(Plaintext) === text
    } catch (thrown) {
      if (thrown instanceof InvalidCiphertextException || thrown instanceof IncorrectKeyException) return false
      throw thrown
    }
  }
