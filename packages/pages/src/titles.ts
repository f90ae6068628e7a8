import type { Language } from './language.ts'

/** Titles that identity schemas commonly give to fields, as no schema says them in several languages. */
const german: Readonly<Record<string, string>> = {
  email: 'E-Mail',
  'email address': 'E-Mail-Adresse',
  username: 'Benutzername',
  'user name': 'Benutzername',
  name: 'Name',
  'full name': 'Vollständiger Name',
  'first name': 'Vorname',
  'given name': 'Vorname',
  'last name': 'Nachname',
  'family name': 'Nachname',
  surname: 'Nachname',
  nickname: 'Spitzname',
  phone: 'Telefon',
  'phone number': 'Telefonnummer',
  'mobile number': 'Mobilnummer',
  website: 'Website',
  birthday: 'Geburtstag',
  'date of birth': 'Geburtsdatum',
  company: 'Firma',
  street: 'Straße',
  city: 'Ort',
  'postal code': 'Postleitzahl',
  country: 'Land',
}

const titles: Readonly<Record<Language, Readonly<Record<string, string>>>> = { en: {}, de: german }

/** A schema's title in the reader's language where it is a common one, else as the schema has it. */
export function titleIn(language: Language, title: string): string {
  const key = title.trim().toLowerCase().replace('e-mail', 'email')
  return Object.hasOwn(titles[language], key) ? (titles[language][key] ?? title) : title
}
