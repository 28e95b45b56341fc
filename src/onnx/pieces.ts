import { wireTypes } from './wire.ts'

/** What a rewritten file consists of: new bytes, or a range of the file that it is made from. */
export type Piece = Uint8Array | { readonly from: number; readonly to: number }

const sizeOf = (piece: Piece): number => (piece instanceof Uint8Array ? piece.length : piece.to - piece.from)

const varint = (value: number): readonly number[] =>
  value < 0x80 ? [value] : [(value % 0x80) + 0x80, ...varint(Math.floor(value / 0x80))]

/** The pieces of one length-delimited field. */
export const nested = <P extends Piece>(number: number, content: readonly P[]): readonly (P | Uint8Array)[] => {
  const sizeBytes = content.reduce((sum, piece) => sum + sizeOf(piece), 0)
  return [Uint8Array.from([...varint(number * 8 + wireTypes.lengthDelimited), ...varint(sizeBytes)]), ...content]
}
