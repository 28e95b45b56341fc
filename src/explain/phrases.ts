/** Languages in which an explanation is told. */
export const languages = ['en', 'zh'] as const
export type Language = (typeof languages)[number]

/** What an answer is, as its explanation adds up to it. */
export type ToldOutput =
  | { readonly kind: 'value'; readonly target: string }
  | { readonly kind: 'logarithm'; readonly target: string }
  | { readonly kind: 'probability' | 'margin'; readonly target: string; readonly class?: string }

/** Where an answer stands against the usual one, both as text. */
export type Standing = { readonly answer: string; readonly usual: string; readonly by: string }

/** What the model answers, and whether a calibrator made it of what is explained. */
export type Served = { readonly answer: string; readonly calibrated: boolean }

/** The words of one language; every list that they are given has at least one item, each a finished text. */
export type Phrases = {
  readonly missing: string
  /** A column with its value, or with the words of its text, and what it adds. */
  readonly reason: (column: string, value: string, adds: string) => string
  readonly words: (words: readonly string[]) => string
  readonly list: (items: readonly string[]) => string
  readonly output: (output: ToldOutput) => string
  /** What is explained, with what the model answers: the two differ where a link or a calibration follows. */
  readonly served: (answer: string, output: ToldOutput, served: Served) => string
  readonly above: (output: string, standing: Standing) => string
  readonly below: (output: string, standing: Standing) => string
  readonly near: (output: string, standing: Pick<Standing, 'answer' | 'usual'>) => string
  /** What raises the answer, what lowers it: at least one of both. */
  readonly because: (raising: string | undefined, lowering: string | undefined) => string
  /** The same where they are about as strong as each other. */
  readonly cancel: (raising: string, lowering: string) => string
  /** What is sure, and columns that are strong by their estimate but within its error. */
  readonly doubtful: (because: string, columns: string) => string
  /** The same, from one pair of orders: nothing is known of its error. */
  readonly errorUnknown: (because: string) => string
  readonly nothingSure: string
  readonly nothing: string
  readonly sentences: (sentences: readonly string[]) => string
}
