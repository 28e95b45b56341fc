/** pandas' default list of missing values, less those with `#`, `-1` and the words that are often levels (None). */
export const missingSpellings = ['NA', 'N/A', 'n/a', '<NA>', 'NaN', 'nan', 'NAN', 'NULL', 'null'] as const
/** A question mark is a level in a text, but no number or date. */
export const missingNumberSpellings = [...missingSpellings, '?'] as const
