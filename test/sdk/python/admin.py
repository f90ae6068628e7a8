"""Admin API with ory-client: identities, batches, pagination, sessions, recovery codes, schemas, messages.

The strict models of the client must parse every response.
"""

import json
import re
import sys
import uuid

import ory_client
from ory_client.exceptions import ApiException
from ory_client.models import *  # noqa: F403

from mail import Mailbox

public, admin, mailbox_url = sys.argv[1:4]
mailbox = Mailbox(mailbox_url)
client = ory_client.ApiClient(ory_client.Configuration(host=admin))
client.set_default_header("Accept", "application/json")
identities = ory_client.IdentityApi(client)
courier = ory_client.CourierApi(client)
frontend_client = ory_client.ApiClient(ory_client.Configuration(host=public))
frontend_client.set_default_header("Accept", "application/json")
frontend = ory_client.FrontendApi(frontend_client)
run = uuid.uuid4()
password = "correct-Horse-7-battery"


def status_of(call):
    try:
        call()
    except ApiException as refused:
        assert json.loads(refused.body)["error"]["code"] == refused.status, refused.body
        return refused.status
    raise AssertionError("expected a refusal")


# Create, read, replace, patch
email = f"admin-{run}@example.org"
made = identities.create_identity(
    CreateIdentityBody(
        schema_id="person",
        traits={"email": email},
        external_id=f"ext-{run}",
        metadata_public={"plan": "free"},
        metadata_admin={"note": "vip"},
        credentials=IdentityWithCredentials(
            password=IdentityWithCredentialsPassword(config=IdentityWithCredentialsPasswordConfig(password=password))
        ),
    )
)
assert made.state == "active" and made.external_id == f"ext-{run}"
read = identities.get_identity(made.id, include_credential=["password"])
assert read.credentials["password"].identifiers == [email]
assert identities.get_identity_by_external_id(f"ext-{run}").id == made.id
replaced = identities.update_identity(
    made.id,
    UpdateIdentityBody(schema_id="person", state="inactive", traits={"email": email, "newsletter": True}),
)
assert replaced.state == "inactive" and replaced.traits["newsletter"] is True
patched = identities.patch_identity(made.id, [JsonPatch(op="replace", path="/state", value="active")])
assert patched.state == "active"
assert status_of(lambda: identities.create_identity(CreateIdentityBody(schema_id="person", traits={"email": email}))) == 409
assert status_of(lambda: identities.create_identity(CreateIdentityBody(schema_id="person", traits={"email": 7}))) == 400
assert status_of(lambda: identities.get_identity(str(uuid.uuid4()))) == 404
print("identity created, read, replaced and patched")

# Batch, pagination
emails = {f"batch-{index}-{run}@example.org" for index in range(5)}
batch = identities.batch_patch_identities(
    PatchIdentitiesBody(
        identities=[
            IdentityPatch(create=CreateIdentityBody(schema_id="person", traits={"email": one})) for one in sorted(emails)
        ]
    )
)
assert [one.action for one in batch.identities] == ["create"] * 5
by_ids = identities.list_identities(ids=[one.identity for one in batch.identities])
assert {one.traits["email"] for one in by_ids} == emails
assert [one.traits["email"] for one in identities.list_identities(credentials_identifier=email)] == [email]

seen, token = set(), None
while True:
    page = identities.list_identities_with_http_info(page_size=3, page_token=token)
    seen |= {one.traits["email"] for one in page.data}
    following = re.search(r'[?&]page_token=([^&>]+)[^>]*>; ?rel="next"', page.headers.get("Link", ""))
    if not following:
        break
    token = following.group(1)
assert emails <= seen
numbered = identities.list_identities_with_http_info(per_page=2, page=1)
assert len(numbered.data) == 2 and int(numbered.headers["X-Total-Count"]) >= 6
print("batch created and paged through")

# Sessions
flow = frontend.create_native_login_flow()
signed_in = frontend.update_login_flow(
    flow.id,
    UpdateLoginFlowBody(
        actual_instance=UpdateLoginFlowWithPasswordMethod(method="password", identifier=email, password=password)
    ),
)
session = identities.get_session(signed_in.session.id, expand=["identity", "devices"])
assert session.identity.id == made.id and session.devices[0].id
assert [one.id for one in identities.list_identity_sessions(made.id)] == [session.id]
assert any(one.id == session.id for one in identities.list_sessions(active=True, expand=["identity"]))
identities.disable_session(session.id)
assert identities.get_session(session.id).active is False
identities.delete_identity_sessions(made.id)
print("sessions read and ended")

# Recovery by an admin
recovery = identities.create_recovery_code_for_identity(
    CreateRecoveryCodeForIdentityBody(identity_id=made.id, expires_in="10m")
)
assert re.fullmatch(r"\d{6}", recovery.recovery_code) and "flow=" in recovery.recovery_link
link = identities.create_recovery_link_for_identity(
    create_recovery_link_for_identity_body=CreateRecoveryLinkForIdentityBody(identity_id=made.id)
)
assert "token=" in link.recovery_link
print("recovery code and link made")

# Schemas and messages
assert {one.id for one in identities.list_identity_schemas()} == {"person", "customer"}
assert "properties" in identities.get_identity_schema("person")
flow = frontend.create_native_recovery_flow()
frontend.update_recovery_flow(
    flow.id,
    UpdateRecoveryFlowBody(actual_instance=UpdateRecoveryFlowWithCodeMethod(method="code", email=email)),
)
mailbox.code(email)
[message] = courier.list_courier_messages(recipient=email)
assert message.template_type == "recovery_code_valid" and message.channel == "email"
assert courier.get_courier_message(message.id).recipient == email
print("schemas and messages listed")

# Credentials, delete
identities.delete_identity_credentials(made.id, "password")
identities.delete_identity(made.id)
assert status_of(lambda: identities.delete_identity(made.id)) == 404
assert ory_client.MetadataApi(client).get_version().version
print("credentials and identity deleted")
