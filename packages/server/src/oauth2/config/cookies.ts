import Type from 'typebox'
import { choice, closedObject, cookieDomain, cookiePath, flag, token } from '../../kernel/config/schema-builders.ts'
import { notSupported } from '../../kernel/config/support.ts'

const name = (fallback: string) => token('the name of a cookie', { default: fallback })

/** The cookies of the login and consent flow. */
export const cookies = closedObject({
  same_site_mode: choice(['Strict', 'Lax', 'None'], 'None'),
  same_site_legacy_workaround: notSupported(flag(false)),
  domain: Type.Optional(cookieDomain()),
  secure: flag(false),
  names: Type.Object({
    device_csrf: name('ory_hydra_device_csrf'),
    login_csrf: name('ory_hydra_login_csrf'),
    consent_csrf: name('ory_hydra_consent_csrf'),
    session: name('ory_hydra_session'),
  }),
  paths: Type.Object({ session: cookiePath({ default: '/' }) }),
})
