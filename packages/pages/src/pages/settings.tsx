import { groupWords } from '@latchkey/api'
import { Document } from '../document.tsx'
import { arrangeSections, type FlowForm } from '../flow/arrange.ts'
import { isInvalid, placeMessages } from '../flow/errors.ts'
import type { FormContext } from '../flow/field.tsx'
import type { Flow, FlowIdentity, UiNode } from '../flow/flow.ts'
import { FormView } from '../flow/form.tsx'
import { PageMessages, Restarted } from '../flow/messages.tsx'
import { Scripts } from '../flow/node.tsx'
import { displayName } from '../identity.ts'
import type { View } from '../page.ts'
import { word } from '../words.ts'

/** A settings flow: the signed-in identity, and a section with a separate form for each method. */
export function SettingsPage(props: { flow: Flow; view: View; restarted?: boolean }) {
  const { flow, view, restarted } = props
  const { language } = view
  const placed = placeMessages(flow.ui)
  const context: FormContext = {
    kind: 'settings',
    view,
    placed,
    focus: placed.firstWrong ?? (isAfterRecovery(flow) ? 'password' : undefined),
    insist: true,
  }
  const title = word(language, 'settingsTitle')
  return (
    <Document view={view} title={title} invalid={isInvalid(placed)} layout="wide" current="settings">
      <div class="heading">
        <h1>{title}</h1>
        {flow.identity && (
          <p class="lead">
            {word(language, 'signedInAs')} <strong>{displayName(flow.identity)}</strong>
          </p>
        )}
      </div>
      {restarted && <Restarted language={language} />}
      <PageMessages messages={placed.top} language={language} />
      {sectionsOf(flow, placed.nodes).map((form) => {
        const { group } = form.main
        return (
          <section class="section" key={group} aria-labelledby={`section-${group}`}>
            <div class="section-head">
              <h2 id={`section-${group}`}>{groupWords(group, language).title}</h2>
              <p>{groupWords(group, language).lead}</p>
            </div>
            <div class="section-body">
              <FormView form={form} ui={flow.ui} context={context} emphasis={emphasisOf(form)}>
                {group === 'password' && flow.identity && <Username identity={flow.identity} />}
              </FormView>
              {group === 'profile' && flow.identity && <Addresses identity={flow.identity} view={view} />}
            </div>
          </section>
        )
      })}
      <Scripts nodes={placed.nodes} />
    </Document>
  )
}

/** After a recovery the password comes first, because users recover an account to set a new one. */
function sectionsOf(flow: Flow, nodes: UiNode[]): FlowForm[] {
  const forms = arrangeSections(nodes)
  if (!isAfterRecovery(flow)) return forms
  const isPassword = ({ main }: FlowForm) => main.group === 'password'
  return [...forms.filter(isPassword), ...forms.filter((form) => !isPassword(form))]
}

/** Ory's id for the message of a settings flow after a recovery. */
function isAfterRecovery({ ui }: Flow): boolean {
  return (ui.messages ?? []).some(({ id }) => id === 1060001)
}

/** The username that password managers store with a new password. It is not sent. */
function Username({ identity }: { identity: FlowIdentity }) {
  return <input type="text" autocomplete="username" value={displayName(identity)} readonly hidden />
}

function Addresses({ identity, view }: { identity: FlowIdentity; view: View }) {
  const addresses = identity.verifiable_addresses ?? []
  if (addresses.length === 0) return null
  const { language, links } = view
  return (
    <div class="addresses">
      <h3>{word(language, 'addresses')}</h3>
      <ul>
        {addresses.map((address) => (
          <li key={address.value}>
            <span class="address">{address.value}</span>
            <span class={address.verified ? 'badge badge-good' : 'badge'}>
              {word(language, address.verified ? 'verified' : 'notVerified')}
            </span>
            {!address.verified && links.verification && <a href={links.verification}>{word(language, 'verifyNow')}</a>}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Saving is the primary action; adding a sign-in method is secondary. */
function emphasisOf(form: FlowForm): 'primary' | 'secondary' {
  return form.main.buttons[0]?.attributes.name === 'method' ? 'primary' : 'secondary'
}
