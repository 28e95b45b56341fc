import type { Table } from './profile.ts'

/** SHA-256 of the text's UTF-8 bytes, 32 bytes. */
export type Sha256 = (text: string) => Uint8Array

/** `random`: 20 % of the keys are test rows; `none`: every row is a train row. */
export type SplitMethod = 'random' | 'none'

/** The rows' keys: the cells of column `key`, or the whole content whatever the order of columns. Throws UNKNOWN_COLUMN. */
export declare const rowKeys: (table: Table, key?: string) => readonly string[]

/** Membership by key: 1 = test. Does not depend on a seed, so a row keeps its side in later dataset versions. */
export declare const testRows: (sha256: Sha256) => (keys: readonly string[], method: SplitMethod) => Uint8Array

/** Fold number 0..count-1 of each row, by key and seed: duplicates stay together. */
export declare const foldNumbers: (
  sha256: Sha256,
) => (keys: readonly string[], count: number, seed: number) => Uint8Array
