//! Calls the identity operations with ory-client 1.1.11, whose strict models must parse every response.
//! Arguments: the admin URL, and the id of an identity with a session.

use ory_client::apis::{configuration::Configuration, identity_api, metadata_api, Error};
use ory_client::models::*;
use serde_json::json;
use std::time::{SystemTime, UNIX_EPOCH};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let admin = Configuration {
        base_path: arguments[1].clone(),
        ..Configuration::default()
    };
    let failures = [
        ("identity", identity(&admin).await),
        ("list", list(&admin).await),
        ("sessions", sessions(&admin, &arguments[2]).await),
        ("recovery", recovery(&admin, &arguments[2]).await),
        ("schemas", schemas(&admin).await),
    ]
    .into_iter()
    .filter_map(|(name, outcome)| outcome.err().map(|reason| format!("{name}: {reason}")))
    .collect::<Vec<_>>();
    for failure in &failures {
        eprintln!("{failure}");
    }
    std::process::exit(if failures.is_empty() { 0 } else { 1 });
}

type Outcome = Result<(), String>;

/// Prefixes an error with the name of the call.
fn told<T, E: std::fmt::Debug>(call: &str, result: Result<T, Error<E>>) -> Result<T, String> {
    result.map_err(|error| format!("{call}: {error:?}"))
}

fn must(holds: bool, what: &str) -> Outcome {
    if holds {
        Ok(())
    } else {
        Err(what.to_string())
    }
}

fn address(name: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    format!("{name}-{now}@example.org")
}

async fn create(admin: &Configuration, email: &str) -> Result<Identity, String> {
    let mut body = CreateIdentityBody::new("person".to_string(), json!({ "email": email }));
    let config = IdentityWithCredentialsPasswordConfig {
        password: Some("correct-Horse-7-battery".to_string()),
        ..IdentityWithCredentialsPasswordConfig::new()
    };
    body.credentials = Some(Box::new(IdentityWithCredentials {
        password: Some(Box::new(IdentityWithCredentialsPassword {
            config: Some(Box::new(config)),
        })),
        ..IdentityWithCredentials::new()
    }));
    told(
        "createIdentity",
        identity_api::create_identity(admin, Some(&body)).await,
    )
}

async fn identity(admin: &Configuration) -> Outcome {
    let email = address("rust");
    let made = create(admin, &email).await?;
    let include = Some(vec!["password".to_string()]);
    let read = told(
        "getIdentity",
        identity_api::get_identity(admin, &made.id, include).await,
    )?;
    must(
        read.credentials.unwrap_or_default().contains_key("password"),
        "the password is not among the credentials",
    )?;
    let replacement = UpdateIdentityBody::new(
        "person".to_string(),
        IdentityState::Inactive,
        json!({ "email": email, "newsletter": true }),
    );
    let replaced = told(
        "updateIdentity",
        identity_api::update_identity(admin, &made.id, Some(&replacement)).await,
    )?;
    must(
        replaced.state == Some(IdentityState::Inactive),
        "the state was not replaced",
    )?;
    let patch = JsonPatch {
        value: Some(json!("active")),
        ..JsonPatch::new(json_patch::OpEnum::Replace, "/state".to_string())
    };
    let patched = told(
        "patchIdentity",
        identity_api::patch_identity(admin, &made.id, Some(vec![patch])).await,
    )?;
    must(
        patched.state == Some(IdentityState::Active),
        "the state was not patched",
    )?;
    let duplicate = CreateIdentityBody::new("person".to_string(), json!({ "email": email }));
    match identity_api::create_identity(admin, Some(&duplicate)).await {
        Err(Error::ResponseError(refused)) => must(refused.status.as_u16() == 409, "a duplicate is not a conflict")?,
        other => return Err(format!("a duplicate was not refused: {other:?}")),
    }
    told("deleteIdentity", identity_api::delete_identity(admin, &made.id).await)?;
    must(
        identity_api::get_identity(admin, &made.id, None).await.is_err(),
        "a deleted identity is still there",
    )
}

async fn list(admin: &Configuration) -> Outcome {
    let email = address("rust-list");
    let made = create(admin, &email).await?;
    create(admin, &address("rust-other")).await?;
    let found = told(
        "listIdentities",
        identity_api::list_identities(admin, None, None, Some(&email)).await,
    )?;
    must(
        found.len() == 1 && found[0].id == made.id,
        "the identifier does not find exactly its identity",
    )?;
    let mut seen = 0;
    for page in 0..50 {
        let items = told(
            "listIdentities",
            identity_api::list_identities(admin, Some(2), Some(page), None).await,
        )?;
        must(items.len() <= 2, "a page is larger than asked")?;
        seen += items.len();
        if items.is_empty() {
            break;
        }
    }
    must(seen >= 2, "the pages are empty")
}

async fn sessions(admin: &Configuration, identity_id: &str) -> Outcome {
    let own = told(
        "listIdentitySessions",
        identity_api::list_identity_sessions(admin, identity_id, None, None, Some(true)).await,
    )?;
    must(!own.is_empty(), "the identity has no session")?;
    let expand = Some(vec!["identity".to_string()]);
    let read = told(
        "getSession",
        identity_api::get_session(admin, &own[0].id, expand.clone()).await,
    )?;
    must(read.identity.id == identity_id, "the session is not its identity's")?;
    told(
        "listSessions",
        identity_api::list_sessions(admin, Some(50), None, Some(true), expand).await,
    )?;
    told("disableSession", identity_api::disable_session(admin, &own[0].id).await)?;
    told(
        "deleteIdentitySessions",
        identity_api::delete_identity_sessions(admin, identity_id).await,
    )
}

async fn recovery(admin: &Configuration, identity_id: &str) -> Outcome {
    let body = CreateRecoveryCodeForIdentityBody::new(identity_id.to_string());
    let code = told(
        "createRecoveryCodeForIdentity",
        identity_api::create_recovery_code_for_identity(admin, Some(&body)).await,
    )?;
    must(code.recovery_code.len() == 6, "the recovery code has not six digits")?;
    let body = CreateRecoveryLinkForIdentityBody::new(identity_id.to_string());
    let link = told(
        "createRecoveryLinkForIdentity",
        identity_api::create_recovery_link_for_identity(admin, Some(&body)).await,
    )?;
    must(link.recovery_link.contains("token="), "the recovery link has no token")
}

async fn schemas(admin: &Configuration) -> Outcome {
    let all = told(
        "listIdentitySchemas",
        identity_api::list_identity_schemas(admin, None, None).await,
    )?;
    must(!all.is_empty(), "there are no schemas")?;
    let person = told(
        "getIdentitySchema",
        identity_api::get_identity_schema(admin, "person").await,
    )?;
    must(person.get("properties").is_some(), "the schema has no properties")?;
    let version = told("getVersion", metadata_api::get_version(admin).await)?;
    must(!version.version.is_empty(), "there is no version")?;
    let health = told("isReady", metadata_api::is_ready(admin).await)?;
    must(health.status == "ok", "the server is not ready")
}
