import Type, { type Static } from 'typebox'

export type ElementsConfiguration = Static<typeof ElementsConfiguration>
/** The settings of a project that sign-in pages need, none of which is secret. */
export const ElementsConfiguration = Type.Object(
  {
    name: Type.String(),
    default_redirect_url: Type.String(),
    error_ui_url: Type.String(),
    login_ui_url: Type.String(),
    recovery_ui_url: Type.String(),
    registration_ui_url: Type.String(),
    settings_ui_url: Type.String(),
    verification_ui_url: Type.String(),
    recovery_enabled: Type.Boolean(),
    registration_enabled: Type.Boolean(),
    verification_enabled: Type.Boolean(),
    hide_ory_branding: Type.Boolean(),
    hide_registration_link: Type.Boolean(),
    logo_dark_url: Type.Optional(Type.String()),
    logo_light_url: Type.Optional(Type.String()),
    contact_url: Type.Optional(Type.String()),
    privacy_policy_url: Type.Optional(Type.String()),
    terms_of_service_url: Type.Optional(Type.String()),
  },
  { title: 'elementsConfiguration' },
)
