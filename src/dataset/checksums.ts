/** Digits of a text without blanks, dots and dashes; undefined when other characters are in it. */
export const digitsOf = (text: string): readonly number[] | undefined => {
  const digits = text.replace(/[ .-]/g, '')
  return /^\d+$/.test(digits) ? Array.from(digits, Number) : undefined
}

const weighted = (digits: readonly number[], weights: readonly number[]): number =>
  weights.reduce((sum, weight, i) => sum + weight * digits[i]!, 0)

/** ISO/IEC 7812-1, annex B. */
export const luhn = (digits: readonly number[]): boolean => {
  const sum = digits.toReversed().reduce((total, digit, i) => {
    const doubled = i % 2 === 1 ? digit * 2 : digit
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}

/** ISO 7064 MOD 97-10 of an IBAN (ISO 13616): the first four characters go behind, letters count from 10. */
export const iban = (text: string): boolean => {
  const plain = text.replace(/ /g, '').toUpperCase()
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(plain)) return false
  let rest = 0
  for (const character of plain.slice(4) + plain.slice(0, 4)) {
    const value = Number.parseInt(character, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}

/** Brazil, CPF: two check digits modulo 11. */
const cpf = (digits: readonly number[]): boolean => {
  if (digits.length !== 11 || digits.every((digit) => digit === digits[0])) return false
  const check = (length: number): boolean => {
    const sum = digits.slice(0, length).reduce((total, digit, i) => total + digit * (length + 1 - i), 0)
    return ((sum * 10) % 11) % 10 === digits[length]
  }
  return check(9) && check(10)
}

/** Poland, PESEL: a date and one check digit. */
const pesel = (digits: readonly number[]): boolean => {
  if (digits.length !== 11) return false
  const month = (digits[2]! * 10 + digits[3]!) % 20
  const day = digits[4]! * 10 + digits[5]!
  if (month < 1 || month > 12 || day < 1 || day > 31) return false
  return weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0
}

/** The Netherlands, BSN: the eleven test. */
const bsn = (digits: readonly number[]): boolean =>
  digits.length === 9 && digits.some((digit) => digit > 0) && weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0

/** Germany, Steuer-ID: ISO 7064 MOD 11,10. */
const steuerId = (digits: readonly number[]): boolean => {
  if (digits.length !== 11 || digits[0] === 0) return false
  const product = digits.slice(0, 10).reduce((before, digit) => (((digit + before) % 10 || 10) * 2) % 11, 10)
  return (11 - product) % 10 === digits[10]
}

/** Sweden, personnummer: a date and Luhn's digit. */
const personnummer = (digits: readonly number[]): boolean => {
  const short = digits.length === 12 ? digits.slice(2) : digits
  if (short.length !== 10) return false
  const month = short[2]! * 10 + short[3]!
  const day = short[4]! * 10 + short[5]!
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && luhn(short)
}

/** France, NIR: the last two digits are 97 less the rest modulo 97. */
const nir = (digits: readonly number[]): boolean => {
  if (digits.length !== 15 || (digits[0] !== 1 && digits[0] !== 2)) return false
  return 97 - (Number(digits.slice(0, 13).join('')) % 97) === digits[13]! * 10 + digits[14]!
}

const nationalNumbers = [cpf, pesel, bsn, steuerId, personnummer, nir]

/** Spain, DNI and NIE: a letter by the number modulo 23. */
const dni = (text: string): boolean => {
  const found = /^([XYZ]?\d{7,8})-?([A-Z])$/i.exec(text)
  if (!found) return false
  const number = found[1]!.toUpperCase().replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter)))
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(number) % 23] === found[2]!.toUpperCase()
}

/** The United States, SSN: no checksum, but numbers that are not given out. */
const ssn = (text: string): boolean => /^(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}$/.test(text)

/** Whether a text is a national identity number by its checksum. */
export const nationalId = (text: string): boolean => {
  if (dni(text) || ssn(text)) return true
  const digits = digitsOf(text)
  return digits !== undefined && nationalNumbers.some((check) => check(digits))
}
