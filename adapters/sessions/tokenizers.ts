import { Tokenizer } from '@huggingface/tokenizers'
import { PercallError } from '../../src/errors.ts'
import type { Tokenize, TokenizerOf } from '../../src/ports.ts'
import { isTabular, type Manifest } from '../../src/registry/manifest.ts'

/** One with 30,000 words takes about 15 MB and 20 ms to make. */
const mostOpen = 8

const unusable = (cause: unknown): PercallError => {
  const words = cause instanceof Error ? cause.message : String(cause)
  return new PercallError(
    'BAD_MANIFEST',
    `manifest.tokenizer: expected a tokenizer.json that is understood, ${words}`,
    {
      cause,
    },
  )
}

/** Text -> ids by a tokenizer.json: WordPiece, byte-level BPE, Unigram. Throws BAD_MANIFEST. Cuts and pads nothing. */
export const makeTokenizer = (tokenizer: Readonly<Record<string, unknown>>): Tokenize => {
  try {
    const made = new Tokenizer(tokenizer, {})
    const tokenize: Tokenize = (text) => made.encode(text).ids
    // A model type or step that the library does not know shows here at the latest.
    if (!tokenize('a').every(Number.isInteger)) throw new Error('a text became something else than whole numbers')
    return tokenize
  } catch (cause) {
    throw unusable(cause)
  }
}

/** A manifest whose tokenizer, if it has one, can be used. Throws BAD_MANIFEST. */
export const requireTokenizer = (manifest: Manifest): Manifest => {
  if (!isTabular(manifest)) makeTokenizer(manifest.tokenizer)
  return manifest
}

/** Tokenizers that stay open by the digest of their manifest, the least recently used closed first. */
export const tokenizers = (): TokenizerOf => {
  const open = new Map<string, Tokenize>()
  return (manifestDigest, tokenizer) => {
    const tokenize = open.get(manifestDigest) ?? makeTokenizer(tokenizer)
    open.delete(manifestDigest)
    open.set(manifestDigest, tokenize)
    const [oldest] = open.keys()
    if (open.size > mostOpen && oldest !== undefined) open.delete(oldest)
    return tokenize
  }
}
