"""Self-service with ory-client: sign up, verify, sign in, whoami, change settings, recover, sign out.

The strict models of the client must parse every response.
"""

import json
import sys
import uuid

import ory_client
from ory_client.exceptions import ApiException
from ory_client.models import *  # noqa: F403

from mail import Mailbox

public, _admin, mailbox_url = sys.argv[1:4]
mailbox = Mailbox(mailbox_url)
client = ory_client.ApiClient(ory_client.Configuration(host=public))
client.set_default_header("Accept", "application/json")
frontend = ory_client.FrontendApi(client)
email = f"py-{uuid.uuid4()}@example.org"
password = "correct-Horse-7-battery"


def body(kind, method):
    return kind(actual_instance=method)


def sign_in(secret):
    flow = frontend.create_native_login_flow()
    assert flow.type == "api" and flow.ui.method == "POST"
    return frontend.update_login_flow(
        flow.id,
        body(
            UpdateLoginFlowBody,
            UpdateLoginFlowWithPasswordMethod(method="password", identifier=email, password=secret),
        ),
    )


# Sign-up
flow = frontend.create_native_registration_flow()
assert frontend.get_registration_flow(flow.id).id == flow.id
done = frontend.update_registration_flow(
    flow.id,
    body(
        UpdateRegistrationFlowBody,
        UpdateRegistrationFlowWithPasswordMethod(
            method="password", password=password, traits={"email": email, "name": {"first": "Ada", "last": "L"}}
        ),
    ),
)
assert done.session_token.startswith("ory_st_")
assert done.identity.traits["email"] == email
token = done.session_token
print("signed up")

# Verification by code
mailbox.code(email)
flow = frontend.create_native_verification_flow()
code_method = lambda **fields: UpdateVerificationFlowWithCodeMethod(method="code", **fields)  # noqa: E731
sent = frontend.update_verification_flow(flow.id, body(UpdateVerificationFlowBody, code_method(email=email)))
assert sent.state == "sent_email", sent.state
passed = frontend.update_verification_flow(
    flow.id, body(UpdateVerificationFlowBody, code_method(code=mailbox.code(email)))
)
assert passed.state == "passed_challenge", passed.state
print("verified")

# Whoami, sessions
session = frontend.to_session(x_session_token=token)
assert session.identity.verifiable_addresses[0].verified
assert session.authentication_methods[0].method == "password"
other = sign_in(password)
listed = frontend.list_my_sessions(x_session_token=token)
assert [one.id for one in listed] == [other.session.id]
frontend.disable_my_session(other.session.id, x_session_token=token)
assert frontend.disable_my_other_sessions(x_session_token=token).count is not None
print("sessions listed and ended")

# Rejected sign-in
try:
    sign_in("not-the-right-one")
    raise AssertionError("a wrong password was accepted")
except ApiException as refused:
    assert refused.status == 400, refused.status
    assert LoginFlow.from_json(refused.body).ui.messages[0].id == 4000006
print("wrong password refused")

# Settings
flow = frontend.create_native_settings_flow(x_session_token=token)
changed = frontend.update_settings_flow(
    flow.id,
    body(
        UpdateSettingsFlowBody,
        UpdateSettingsFlowWithProfileMethod(
            method="profile", traits={"email": email, "name": {"first": "Grace", "last": "H"}}
        ),
    ),
    x_session_token=token,
)
assert changed.state == "success" and changed.identity.traits["name"]["first"] == "Grace"
flow = frontend.create_native_settings_flow(x_session_token=token)
frontend.update_settings_flow(
    flow.id,
    body(
        UpdateSettingsFlowBody,
        UpdateSettingsFlowWithPasswordMethod(method="password", password="another-Fine-9-secret"),
    ),
    x_session_token=token,
)
assert sign_in("another-Fine-9-secret").session.active
print("profile and password changed")

# Recovery by code
flow = frontend.create_native_recovery_flow()
recover = lambda **fields: body(  # noqa: E731
    UpdateRecoveryFlowBody, UpdateRecoveryFlowWithCodeMethod(method="code", **fields)
)
assert frontend.update_recovery_flow(flow.id, recover(email=email)).state == "sent_email"
recovered = frontend.update_recovery_flow(flow.id, recover(code=mailbox.code(email)))
actions = {step.actual_instance.action: step.actual_instance for step in recovered.continue_with}
assert "show_settings_ui" in actions, actions
fresh = actions["set_ory_session_token"].ory_session_token
settings = frontend.get_settings_flow(actions["show_settings_ui"].flow.id, x_session_token=fresh)
assert settings.identity.traits["email"] == email
print("recovered")

# Passwordless sign-in by code
flow = frontend.create_native_login_flow()
by_code = lambda **fields: body(  # noqa: E731
    UpdateLoginFlowBody,
    UpdateLoginFlowWithCodeMethod(method="code", csrf_token="", identifier=email, **fields),
)
try:
    frontend.update_login_flow(flow.id, by_code())
    raise AssertionError("sending a code answers 400")
except ApiException as sent:
    assert LoginFlow.from_json(sent.body).state == "sent_email"
signed_in = frontend.update_login_flow(flow.id, by_code(code=mailbox.code(email)))
assert signed_in.session.authentication_methods[0].method == "code"
print("signed in by code")

# Browser flows can also be parsed
for made in (
    frontend.create_browser_login_flow(),
    frontend.create_browser_registration_flow(),
    frontend.create_browser_recovery_flow(),
    frontend.create_browser_verification_flow(),
):
    assert any(node.attributes.actual_instance.name == "csrf_token" for node in made.ui.nodes)
print("browser flows read")

# Sign-out
frontend.perform_native_logout(PerformNativeLogoutBody(session_token=token))
try:
    frontend.to_session(x_session_token=token)
    raise AssertionError("a session that ended is still known")
except ApiException as refused:
    assert refused.status == 401
    assert json.loads(refused.body)["error"]["code"] == 401
print("signed out")
