"""Permissions with ory-client: relationships, all kinds of checks, expand trees, namespaces, OPL syntax.

The strict models of the client must parse every response.
"""

import json
import sys
import uuid

import ory_client
from ory_client.exceptions import ApiException
from ory_client.models import *  # noqa: F403

read_url, write_url, syntax_url, token = sys.argv[1:5]
run = uuid.uuid4()


def client_of(url):
    client = ory_client.ApiClient(ory_client.Configuration(host=url))
    if token:
        client.set_default_header("Authorization", f"Bearer {token}")
    return client


permissions = ory_client.PermissionApi(client_of(read_url))
reading = ory_client.RelationshipApi(client_of(read_url))
writing = ory_client.RelationshipApi(client_of(write_url))
language = ory_client.RelationshipApi(client_of(syntax_url))


def refusal_of(call):
    try:
        call()
    except ApiException as refused:
        return refused.status, json.loads(refused.body)
    raise AssertionError("expected a refusal")


# Create, list, paginate, delete
document, folder, group = f"document-{run}", f"folder-{run}", f"group-{run}"
members = SubjectSet(namespace="Group", object=group, relation="members")
made = writing.create_relationship(
    CreateRelationshipBody(namespace="Folder", object=folder, relation="viewers", subject_set=members)
)
assert made.subject_set == members and made.subject_id is None
made = writing.create_relationship(
    CreateRelationshipBody(namespace="Group", object=group, relation="members", subject_id="ada")
)
assert made.subject_id == "ada" and made.subject_set is None
found = reading.get_relationships(
    namespace="Folder",
    subject_set_namespace="Group",
    subject_set_object=group,
    subject_set_relation="members",
)
assert [one.object for one in found.relation_tuples] == [folder] and found.next_page_token == ""

people = [f"person-{index}" for index in range(5)]
known = [Relationship(namespace="User", object=document, relation="knows", subject_id=one) for one in people]
writing.patch_relationships([RelationshipPatch(action="insert", relation_tuple=one) for one in known])
seen, page_token = [], None
while page_token != "":
    page = reading.get_relationships(namespace="User", object=document, page_size=2, page_token=page_token)
    assert len(page.relation_tuples) <= 2
    seen += page.relation_tuples
    page_token = page.next_page_token
assert sorted(one.subject_id for one in seen) == people
writing.delete_relationships(namespace="User", object=document, relation="knows", subject_id=people[0])
writing.patch_relationships([RelationshipPatch(action="delete", relation_tuple=known[1])])
left = reading.get_relationships(namespace="User", object=document).relation_tuples
assert sorted(one.subject_id for one in left) == people[2:]
print("relationships created, paged through, patched and deleted")

# Checks
writing.create_relationship(
    CreateRelationshipBody(
        namespace="Document",
        object=document,
        relation="parents",
        subject_set=SubjectSet(namespace="Folder", object=folder, relation=""),
    )
)
asked = {"namespace": "Document", "object": document, "relation": "view"}
assert permissions.check_permission(**asked, subject_id="ada").allowed is True
assert permissions.check_permission(**asked, subject_id="bob").allowed is False
assert permissions.check_permission(
    **asked, subject_set_namespace="Group", subject_set_object=group, subject_set_relation="members"
).allowed
assert permissions.post_check_permission(
    post_check_permission_body=PostCheckPermissionBody(**asked, subject_set=members)
).allowed
assert permissions.check_permission_or_error(**asked, subject_id="ada", max_depth=5).allowed
assert permissions.post_check_permission_or_error(
    post_check_permission_or_error_body=PostCheckPermissionOrErrorBody(**asked, subject_id="ada")
).allowed
denied = (403, {"allowed": False})
assert refusal_of(lambda: permissions.check_permission_or_error(**asked, subject_id="bob")) == denied
assert (
    refusal_of(
        lambda: permissions.post_check_permission_or_error(
            post_check_permission_or_error_body=PostCheckPermissionOrErrorBody(**asked, subject_id="bob")
        )
    )
    == denied
)
batch = permissions.batch_check_permission(
    batch_check_permission_body=BatchCheckPermissionBody(
        tuples=[
            Relationship(**asked, subject_id="ada"),
            Relationship(**asked, subject_id="bob"),
            Relationship(namespace="Nowhere", object="x", relation="view", subject_id="ada"),
        ]
    )
)
assert [one.allowed for one in batch.results] == [True, False, False]
assert batch.results[0].error is None and batch.results[2].error
print("permissions checked in every form")

# Expand trees
tree = permissions.expand_permissions(namespace="Folder", object=folder, relation="viewers")
assert tree.type == "union" and tree.tuple.subject_set.object == folder
[inner] = tree.children
assert inner.tuple.subject_set == members and [one.tuple.subject_id for one in inner.children] == ["ada"]
print("a set expanded")

# Namespaces, OPL syntax, rejected requests
assert {"User", "Document"} <= {one.name for one in reading.list_relationship_namespaces().namespaces}
assert not language.check_opl_syntax(body="class User implements Namespace {}").errors
[fault] = language.check_opl_syntax(body="class {").errors
assert fault.message and fault.start.line == 1
status, body = refusal_of(lambda: reading.get_relationships(namespace="Nowhere"))
assert status == 404 and body["error"]["code"] == 404
status, body = refusal_of(
    lambda: writing.create_relationship(CreateRelationshipBody(namespace="User", object="x", relation="knows"))
)
assert status == 400 and body["error"]["code"] == 400
print("namespaces listed, a model checked, mistakes refused")
