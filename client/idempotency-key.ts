const keyBytes = 16

/** 128 random bits as hexadecimal digits. `randomUUID` is not there on pages of plain HTTP. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(keyBytes)), (byte) => byte.toString(16).padStart(2, '0')).join('')
