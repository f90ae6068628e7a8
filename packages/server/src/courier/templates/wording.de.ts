import type { Wording } from './wording.ts'

const minutes = (count: number) => (count === 1 ? '1 Minute' : `${count} Minuten`)
const ignore = 'Waren Sie das nicht, brauchen Sie nichts zu tun: Ohne diese Nachricht kommt niemand weiter.'
const changePassword =
  'Waren Sie das nicht, kennt jemand anderes Ihr Passwort: Bitte ändern Sie es bald. Ohne diesen Code kann sich niemand anmelden.'
const secret = (name: string) => `Verraten Sie ihn niemandem. Wer für ${name} arbeitet, wird nie danach fragen.`

export const german: Wording = {
  recovery_code_valid: ({ recovery_code: code, expires_in_minutes: time }, name) => ({
    subject: `Ihr Code für den Zugang zu ${name}`,
    heading: 'Zurück in Ihr Konto',
    lead: ['Geben Sie diesen Code auf der Seite ein, auf der Sie ihn angefordert haben:'],
    code,
    notes: [`Er gilt einmal und noch ${minutes(time)}. ${secret(name)}`, ignore],
    sms: `${code} ist Ihr Code für den Zugang zu ${name}. Er gilt ${minutes(time)}. Verraten Sie ihn niemandem.`,
  }),
  recovery_code_invalid: (_, name) => ({
    subject: `Jemand wollte mit dieser Adresse zu ${name}`,
    heading: 'Kein Konto mit dieser Adresse',
    lead: [
      `Jemand, vielleicht Sie, wollte mit dieser Adresse zurück in ein Konto bei ${name}. Kein Konto hat sie.`,
      'Waren Sie es, versuchen Sie es mit einer anderen Adresse oder legen Sie ein Konto an.',
    ],
    notes: ['Waren Sie es nicht, brauchen Sie nichts zu tun.'],
  }),
  recovery_valid: ({ recovery_url: url, expires_in_minutes: time }, name) => ({
    subject: `Ihr Link für den Zugang zu ${name}`,
    heading: 'Zurück in Ihr Konto',
    lead: ['Öffnen Sie diesen Link, um die Anmeldung neu einzurichten:'],
    button: { label: 'Konto wiederherstellen', url },
    notes: [`Er gilt einmal und noch ${minutes(time)}. Geben Sie ihn niemandem weiter.`, ignore],
  }),
  recovery_invalid: (data, name) => german.recovery_code_invalid(data, name),
  verification_code_valid: ({ verification_code: code, verification_url: url, expires_in_minutes: time }, name) => ({
    subject: `Bestätigen Sie Ihre Adresse für ${name}`,
    heading: 'Adresse bestätigen',
    lead: ['Geben Sie diesen Code auf der Seite ein, auf der Sie ihn angefordert haben:'],
    code,
    ...(url ? { button: { label: 'Oder im Browser bestätigen', url } } : {}),
    notes: [
      `Der Code gilt einmal und noch ${minutes(time)}. ${secret(name)}`,
      'Haben Sie diese Adresse niemandem genannt, brauchen Sie nichts zu tun.',
    ],
    sms: `${code} ist Ihr Code, um diese Nummer für ${name} zu bestätigen. Er gilt ${minutes(time)}.`,
  }),
  verification_code_invalid: (_, name) => ({
    subject: `Jemand wollte diese Adresse für ${name} bestätigen`,
    heading: 'Kein Konto mit dieser Adresse',
    lead: [
      `Jemand, vielleicht Sie, wollte diese Adresse für ${name} bestätigen. Kein Konto hat sie.`,
      'Waren Sie es, sehen Sie nach, mit welcher Adresse Sie sich registriert haben.',
    ],
    notes: ['Waren Sie es nicht, brauchen Sie nichts zu tun.'],
  }),
  verification_valid: ({ verification_url: url, expires_in_minutes: time }, name) => ({
    subject: `Bestätigen Sie Ihre Adresse für ${name}`,
    heading: 'Adresse bestätigen',
    lead: ['Öffnen Sie diesen Link, um zu bestätigen, dass diese Adresse Ihnen gehört:'],
    button: { label: 'Adresse bestätigen', url },
    notes: [
      `Er gilt einmal und noch ${minutes(time)}.`,
      'Haben Sie diese Adresse niemandem genannt, brauchen Sie nichts zu tun.',
    ],
  }),
  verification_invalid: (data, name) => german.verification_code_invalid(data, name),
  login_code_valid: ({ login_code: code, expires_in_minutes: time, new_device: isNew }, name) => ({
    subject: `Ihr Code zum Anmelden bei ${name}`,
    heading: isNew ? 'Anmelden auf einem neuen Gerät' : 'Anmelden',
    lead: isNew
      ? [
          `Auf einem Gerät, das Sie noch nicht benutzt haben, wurde Ihr Passwort für ${name} eingegeben.`,
          'Wenn Sie das sind, geben Sie dort diesen Code ein:',
        ]
      : ['Geben Sie diesen Code auf der Seite ein, auf der Sie sich anmelden:'],
    code,
    notes: [`Er gilt einmal und noch ${minutes(time)}. ${secret(name)}`, isNew ? changePassword : ignore],
    sms: `${code} ist Ihr Code zum Anmelden bei ${name}. Er gilt ${minutes(time)}. Verraten Sie ihn niemandem.`,
  }),
  registration_code_valid: ({ registration_code: code, expires_in_minutes: time }, name) => ({
    subject: `Ihr Code zum Registrieren bei ${name}`,
    heading: 'Konto anlegen',
    lead: ['Geben Sie diesen Code auf der Seite ein, auf der Sie sich registrieren:'],
    code,
    notes: [
      `Er gilt einmal und noch ${minutes(time)}. ${secret(name)}`,
      'Haben Sie sich nicht registriert, brauchen Sie nichts zu tun: Ohne den Code entsteht kein Konto.',
    ],
    sms: `${code} ist Ihr Code zum Registrieren bei ${name}. Er gilt ${minutes(time)}. Verraten Sie ihn niemandem.`,
  }),
  verifiable_address_changed: (_, name) => ({
    subject: `Eine Adresse Ihres Kontos bei ${name} wurde geändert`,
    heading: 'Eine Adresse wurde geändert',
    lead: [
      `Eine E-Mail-Adresse oder Telefonnummer Ihres Kontos bei ${name} wurde hinzugefügt, geändert oder entfernt.`,
    ],
    notes: [
      'Waren Sie das selbst, brauchen Sie nichts zu tun.',
      `Waren Sie es nicht, hat vielleicht jemand anderes Zugriff auf Ihr Konto. Wenden Sie sich bitte sofort an ${name}.`,
    ],
    sms: `Eine Adresse Ihres Kontos bei ${name} wurde geändert. Waren Sie das nicht, wenden Sie sich sofort an ${name}.`,
  }),
  authenticator_key_added: (_, name) => ({
    subject: `Eine neue Anmeldemethode für Ihr Konto bei ${name}`,
    heading: 'Eine Anmeldemethode wurde hinzugefügt',
    lead: [
      `Ihrem Konto bei ${name} wurde ein Passkey, ein Sicherheitsschlüssel, eine Authentifikator-App oder eine Liste von Notfallcodes hinzugefügt.`,
    ],
    notes: [
      'Waren Sie das selbst, brauchen Sie nichts zu tun.',
      `Waren Sie es nicht, hat vielleicht jemand anderes Zugriff auf Ihr Konto. Wenden Sie sich bitte sofort an ${name}.`,
    ],
    sms: `Ihrem Konto bei ${name} wurde eine Anmeldemethode hinzugefügt. Waren Sie das nicht, wenden Sie sich sofort an ${name}.`,
  }),
  impersonation_started: ({ reason, expires_at: until }, name) => ({
    subject: `Der Support von ${name} benutzt Ihr Konto`,
    heading: 'Zugriff des Supports auf Ihr Konto',
    lead: [`Ein Administrator von ${name} kann Ihr Konto bis ${until} benutzen. Der angegebene Grund: ${reason}`],
    notes: [
      'Ihr Passwort und andere Anmeldemethoden sind dabei weder sichtbar noch änderbar.',
      `Haben Sie das nicht erwartet, wenden Sie sich bitte an ${name}.`,
    ],
  }),
}
