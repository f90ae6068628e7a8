import type { Language } from './language.ts'

/** Translations of common field titles, because identity schemas have titles in one language only. */
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

/** A title of a schema in the language of the reader if it is a common one, otherwise unchanged. */
export function titleIn(language: Language, title: string): string {
  const key = title.trim().toLowerCase().replace('e-mail', 'email')
  return Object.hasOwn(titles[language], key) ? (titles[language][key] ?? title) : title
}
