/** Case, accents and all but letters and digits are what names of one thing differ by most. */
const plain = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')

/** Insertions, deletions and replacements between two texts. Wagner and Fischer 1974. */
const distance = (a: string, b: string): number => {
  let before = Array.from({ length: b.length + 1 }, (_, k) => k)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let k = 1; k <= b.length; k++)
      row.push(Math.min(row[k - 1]! + 1, before[k]! + 1, before[k - 1]! + (a[i - 1] === b[k - 1] ? 0 : 1)))
    before = row
  }
  return before[b.length]!
}

/** One slip in so many characters is a misspelling; more is another word. */
const charactersOfSlip = 4

/** The name that was probably meant, or undefined where none is close. */
export const nearestName = (name: string, names: readonly string[]): string | undefined => {
  const own = plain(name)
  const ranked = names
    .map((other) => ({ other, slips: distance(own, plain(other)) }))
    .filter(({ slips }) => slips <= Math.floor(own.length / charactersOfSlip))
    .sort((a, b) => a.slips - b.slips)
  return ranked[0]?.other
}
