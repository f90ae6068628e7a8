import type { Language } from './language.ts'
import { german } from './words.de.ts'

/** Texts of the pages other than the messages of a flow. `{name}` is a placeholder for a value. */
export const english = {
  errorPrefix: 'Error: {title}',
  skipToContent: 'Skip to content',
  actingLabel: 'Administrator access',
  acting: '{by} is acting in this account.',
  endActing: 'End access',

  loginTitle: 'Sign in',
  loginAgainTitle: 'Confirm your identity',
  secondFactorTitle: 'Two-step verification',
  registrationTitle: 'Create your account',
  registrationMethodTitle: 'Choose how to sign in',
  recoveryTitle: 'Recover your account',
  recoveryLead: 'Enter the email address of your account. We will send you instructions to recover it.',
  verificationTitle: 'Confirm your address',
  verificationLead: 'Enter the address that you want to confirm.',
  verifiedTitle: 'Address confirmed',
  codeTitle: 'Enter the code',
  linkTitle: 'Check your email',

  sentTo: 'Sent to',
  signingInAs: 'Signing in as',
  change: 'Change',
  changeAddress: 'Change {address}',
  sendAgain: 'Send again',
  restarted: 'The page had expired, so we started again.',
  or: 'or',
  optional: 'optional',
  choose: 'Please choose',
  captchaNeedsScript:
    'This form has a security check that needs JavaScript. Please switch on JavaScript for this site, then reload the page.',
  workNeedsScript:
    'There were several failed attempts, so your browser has to solve a small task, which needs JavaScript. Please switch it on and reload the page, or try again in a few minutes.',
  unavailable: 'You cannot continue at the moment.',

  forgotPassword: 'Forgot your password?',
  noAccount: 'New here?',
  createAccount: 'Create an account',
  haveAccount: 'Already have an account?',
  signIn: 'Sign in',
  later: 'Do this later',
  backToSignIn: 'Back to sign-in',
  signOut: 'Sign out',
  signOutInstead: 'Sign out instead',
  privacy: 'Privacy',
  terms: 'Terms',
  contact: 'Contact',

  show: 'Show',
  hide: 'Hide',
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  copy: 'Copy',
  copied: 'Copied',
  unnamedKey: 'No name',
  addedOn: 'Added',
  remove: 'Remove',
  keyFailed:
    'Nothing was used: it was cancelled, took too long, or your device knows no matching key. You can try again.',
  keyKnown: 'This device has a key for your account already.',

  settingsTitle: 'Your account',
  settingsNav: 'Account',
  settings: 'Settings',
  sessions: 'Devices',
  signedInAs: 'Signed in as',
  newPassword: 'New password',
  addresses: 'Your addresses',
  verified: 'Confirmed',
  notVerified: 'Not confirmed',
  verifyNow: 'Confirm now',
  usedCode: 'used',

  signedInTitle: 'You are signed in',
  goOn: 'Continue',

  openRecoveryTitle: 'Back into your account',
  openRecoveryLead: 'One click signs you in. Then you can set a new password. The link works once.',
  openRecovery: 'Sign in',
  openVerificationTitle: 'Confirm your address',
  openVerificationLead: 'One click confirms that you receive messages at this address. The link works once.',
  openVerification: 'Confirm',

  logoutTitle: 'Sign out?',
  logoutLead: 'You will need to sign in again on this device.',
  stay: 'Stay signed in',
  loggedOutTitle: 'You are signed out',
  loggedOutLead: 'See you soon.',
  signInAgain: 'Sign in again',

  sessionsTitle: 'Your devices',
  sessionsLead:
    'These devices are signed in to your account. Sign out any that you do not recognize, then change your password.',
  thisDevice: 'This device',
  otherDevices: 'Other devices',
  noOtherDevices: 'You are not signed in anywhere else.',
  endSession: 'Sign out',
  endSessionOf: 'Sign out {device}',
  endAll: 'Sign out all other devices',
  endedOne: 'That device is signed out.',
  endedAll: 'All other devices are signed out.',
  signedInAt: 'Signed in',
  deviceOn: '{browser} on {system}',
  unknownDevice: 'Unknown device',
  twoFactors: 'two factors',

  errorTitle: 'Something went wrong',
  errorBadRequest: 'The request was not valid. Please go back and try again.',
  errorSecurity:
    'For security reasons, we could not process your request. This can happen if a page was open for too long, if cookies are blocked, or if you signed in in another tab. Please start again.',
  errorSession: 'You are not signed in. Please sign in and try again.',
  errorNotFoundTitle: 'Page not found',
  errorNotFound: 'This page does not exist or is no longer available.',
  errorExpired: 'This page or link has expired. Please start again.',
  errorTooMany: 'Too many attempts. Please wait a moment and try again.',
  errorServer: 'Something went wrong on our side. Please try again in a few minutes.',
  errorDetails: 'Details for support',
  errorStatus: 'Status',
  errorMessage: 'Message',
  errorReason: 'Reason',
  errorId: 'Reference',
  startAgain: 'Start again',

  welcomeTitle: '{project} is running',
  welcomeLead: 'Development mode: emails are not delivered. Do not expose this server to the internet.',
  welcomePages: 'Try it',
  welcomeSignUp: 'Sign up',
  welcomeSignUpHint: 'Create the first account',
  welcomeSignIn: 'Sign in',
  welcomeSignInHint: 'With an account you created',
  welcomeMailbox: 'Mailbox',
  welcomeMailboxHint: 'All sent emails with their codes and links',
  welcomeSettings: 'Settings',
  welcomeSettingsHint: 'Profile, password, devices',
  welcomeOpenapi: 'OpenAPI document',
  welcomeOpenapiHint: 'All API operations',
  welcomeApi: 'Your first request',
  welcomeApiLead: 'Lists the identities with the admin token:',
  welcomeTokenLead: 'The admin token is shown only once, at the first start. Create a new one with:',

  mailboxTitle: 'Mailbox',
  mailboxLead: 'Emails sent in development mode, newest first.',
  mailboxEmpty: 'No emails yet. Sign up to see the first one here.',
  refresh: 'Refresh',
  backToMailbox: 'All emails',
  mailTo: 'To',
  mailCode: 'Code',
  mailText: 'Text',
  mailHtml: 'HTML',
  noSubject: '(no subject)',
} as const

export type Word = keyof typeof english
export type Words = Readonly<Record<Word, string>>

export const words: Readonly<Record<Language, Words>> = { en: english, de: german }

/** The text for a key, with each `{name}` replaced by the value of that name. */
export function word(language: Language, key: Word, values: Readonly<Record<string, string>> = {}): string {
  return words[language][key].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
}
