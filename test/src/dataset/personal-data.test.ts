import { expect, test } from 'vitest'
import { personalDataOf } from '../../../src/dataset/personal-data.ts'

// Numbers of published test cards, of the standards' own examples, and of documents that show how a checksum is formed.
test.for<[string, string, readonly string[], string | undefined]>([
  ['mail', 'emails', ['a@b.de', 'c.d@e.org', 'x+y@z.co.uk', 'q@w.io', 'm.n@o.com', 'A@B.DE'], 'email'],
  [
    'card',
    'test cards',
    ['4111111111111111', '5555 5555 5555 4444', '378282246310005', '6011111111111117', '4012-8888-8888-1881'],
    'card',
  ],
  [
    'n',
    'cards with another last digit',
    ['4111111111111112', '5555555555554445', '378282246310006', '6011111111111118', '4012888888881882'],
    undefined,
  ],
  [
    'konto',
    'IBANs',
    [
      'DE89 3704 0044 0532 0130 00',
      'GB29NWBK60161331926819',
      'FR1420041010050500013M02606',
      'NL91ABNA0417164300',
      'ES9121000418450200051332',
    ],
    'iban',
  ],
  [
    'cpf',
    'CPFs',
    ['529.982.247-25', '111.444.777-35', '123.456.789-09', '390.533.447-05', '935.411.347-80'],
    'national id',
  ],
  ['dni', 'DNIs and NIEs', ['12345678Z', '00000000T', 'X1234567L', '99999999R', '11111111H'], 'national id'],
  ['ssn', 'SSNs', ['123-45-6789', '078-05-1120', '219-09-9999', '457-55-5462', '001-01-0001'], 'national id'],
  ['bsn', 'BSNs', ['111222333', '123456782', '999999990', '232262536', '010464554'], 'national id'],
  [
    'x',
    'phones with a plus',
    ['+49 30 123456', '+1 212 555 0100', '+44 20 7946 0000', '+33 1 23 45 67 89', '+34 912 345 678'],
    'phone',
  ],
  ['phone', 'phones by name', ['030 1234567', '089 7654321', '040 1112223', '069 9998887', '0211 333444'], 'phone'],
  [
    'amount',
    'whole numbers of 9 digits',
    ['100000000', '200000001', '300000002', '400000003', '500000004', '600000005'],
    undefined,
  ],
  ['day', 'dates', ['2024-01-01', '2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05'], undefined],
  ['x', 'four mails', ['a@b.de', 'c@d.de', 'e@f.de', 'g@h.de'], undefined],
])('column %s of %s -> what they are', ([name, , cells, expected]) => {
  expect(personalDataOf(name, cells)).toBe(expected)
})
