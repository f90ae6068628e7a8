import { isTwoSteps } from '../../flows/registration/form.ts'
import type { Method } from '../../turn.ts'
import { registration } from './registration.ts'
import { settings } from './settings.ts'

/** Traits: told at sign-up in a step of their own, changed in the settings. */
export const profile: Method = {
  name: 'profile',
  enabled(ctx, { name }) {
    return name === 'registration' ? isTwoSteps(ctx) : ctx.config.identity.selfservice.methods.profile.enabled
  },
  registration,
  settings,
}
