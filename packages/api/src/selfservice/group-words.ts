import type { UiNode } from './ui.ts'
import type { Language } from './wording.ts'

/** What pages call a group of nodes, and how they introduce it. */
export interface GroupWords {
  readonly title: string
  readonly lead: string
}

type Group = UiNode['group']

const english: Readonly<Partial<Record<Group, GroupWords>>> = {
  profile: { title: 'Profile', lead: 'Your personal details.' },
  password: { title: 'Password', lead: 'Use a long passphrase that you do not use anywhere else.' },
  code: { title: 'Sign-in codes', lead: 'One-time codes that we send you.' },
  totp: { title: 'Authenticator app', lead: 'An app on your phone shows a new code for every sign-in.' },
  lookup_secret: { title: 'Backup codes', lead: 'Use a backup code if you lose your phone. Each code works once.' },
  webauthn: { title: 'Security keys', lead: 'Keys that you plug in or hold near your device.' },
  passkey: { title: 'Passkeys', lead: 'Sign in with your fingerprint, face or screen lock.' },
  oidc: { title: 'Connected accounts', lead: 'Sign in with an account that you have elsewhere.' },
  saml: { title: 'Company sign-in', lead: 'Sign in through your organization.' },
}

const german: Readonly<Partial<Record<Group, GroupWords>>> = {
  profile: { title: 'Profil', lead: 'Ihre persönlichen Angaben.' },
  password: { title: 'Passwort', lead: 'Verwenden Sie einen langen Satz, den Sie sonst nirgends benutzen.' },
  code: { title: 'Anmeldecodes', lead: 'Einmalige Codes, die wir Ihnen senden.' },
  totp: { title: 'Authenticator-App', lead: 'Eine App auf Ihrem Telefon zeigt für jede Anmeldung einen neuen Code.' },
  lookup_secret: {
    title: 'Ersatzcodes',
    lead: 'Für den Fall, dass Sie Ihr Telefon verlieren. Jeder Code gilt einmal.',
  },
  webauthn: { title: 'Sicherheitsschlüssel', lead: 'Schlüssel, die Sie einstecken oder an Ihr Gerät halten.' },
  passkey: { title: 'Passkeys', lead: 'Anmelden mit Fingerabdruck, Gesicht oder Bildschirmsperre.' },
  oidc: { title: 'Verbundene Konten', lead: 'Anmelden mit einem Konto, das Sie anderswo haben.' },
  saml: { title: 'Anmeldung der Organisation', lead: 'Anmelden über Ihre Organisation.' },
}

const others: Readonly<Record<Language, GroupWords>> = {
  en: { title: 'More', lead: 'Further ways to protect your account.' },
  de: { title: 'Weiteres', lead: 'Weitere Wege, Ihr Konto zu schützen.' },
}

const words = { en: english, de: german }

/** The words for a group in a language; for one that has none of its own, those for all others. */
export function groupWords(group: string, language: Language): GroupWords {
  return words[language][group as Group] ?? others[language]
}
