//! Merchants' accounts: sealed in the database, opened here, and nowhere else.

use crate::clock::now_ms;
use crate::{Central, Failure};
use parking_lot::Mutex;
use payment::{
    AlipayClient, AlipayMerchant, Client, ClientSettings, MerchantError, NotifyUrl, PaymentError, Provider,
};
use payment::{WechatClient, WechatMerchant};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// A merchant's file that can't be kept or used.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The file isn't one of a merchant.
    #[error("the merchant's file can't be used")]
    Merchant(#[from] MerchantError),
    /// It can't be sealed or opened.
    #[error("the merchant's file can't be sealed or opened")]
    Seal(#[from] crate::seal::SealError),
    /// No HTTP client can be made.
    #[error("no client can be made")]
    Client(#[from] PaymentError),
    /// What was opened isn't text.
    #[error("the merchant's file isn't UTF-8")]
    NotText,
}

/// Clients of accounts that were opened, so that a call needs no unsealing and finds a connection open. A file that is replaced is
/// another account, known by its time.
#[derive(Default)]
pub struct Accounts(Mutex<HashMap<(Uuid, Provider), Opened>>);

/// When the account was kept, and its client.
type Opened = (i64, Arc<dyn Client>);

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Accounts(..)")
    }
}

fn place(campus: Uuid, provider: Provider) -> String {
    format!("merchant {campus} {}", provider.as_str())
}

fn client(provider: Provider, text: &str) -> Result<Arc<dyn Client>, AccountError> {
    let settings = ClientSettings::default();
    Ok(match provider {
        Provider::WechatPay => Arc::new(WechatClient::new(WechatMerchant::parse(text)?, settings)?),
        Provider::Alipay => Arc::new(AlipayClient::new(AlipayMerchant::parse(text)?, settings)?),
    })
}

/// Seals a merchant's file and keeps it as the campus's account.
///
/// # Errors
/// [`AccountError`] for a file that can't be used; the account stays what it was.
pub async fn keep(
    central: &Central,
    campus: Uuid,
    provider: Provider,
    text: &str,
) -> Result<(), Box<dyn std::error::Error>> {
    let demonstration = client(provider, text)?.is_demonstration();
    let sealed = central.seal.seal(&place(campus, provider), text.as_bytes())?;
    let sql = "INSERT INTO merchants (campus_id, provider, sealed, demonstration, changed_ms) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (campus_id, provider) DO UPDATE SET sealed = $3, demonstration = $4, changed_ms = $5";
    central
        .pool
        .get()
        .await?
        .execute(sql, &[&campus, &provider.as_str(), &sealed, &demonstration, &now_ms()])
        .await?;
    Ok(())
}

/// The campus's account at a provider.
///
/// # Errors
/// [`Failure::PaymentUnavailable`] where it has none.
pub async fn account(
    central: &Central,
    campus: Uuid,
    provider: Provider,
) -> Result<Arc<dyn Client>, Failure> {
    let sql = "SELECT sealed, changed_ms FROM merchants WHERE campus_id = $1 AND provider = $2";
    let database = central.pool.get().await?;
    let row =
        database.query_opt(&database.prepare_cached(sql).await?, &[&campus, &provider.as_str()]).await?;
    let row = row.ok_or(Failure::PaymentUnavailable)?;
    let changed: i64 = row.try_get("changed_ms")?;
    if let Some((known, client)) = central.accounts.0.lock().get(&(campus, provider))
        && *known == changed
    {
        return Ok(Arc::clone(client));
    }
    let client = open(central, campus, provider, row.try_get("sealed")?).map_err(|error| {
        tracing::error!(
            error = crate::chain(&error),
            provider = provider.as_str(),
            "a merchant's account can't be opened"
        );
        Failure::Internal("a merchant's account can't be opened")
    })?;
    central.accounts.0.lock().insert((campus, provider), (changed, Arc::clone(&client)));
    Ok(client)
}

fn open(
    central: &Central,
    campus: Uuid,
    provider: Provider,
    sealed: &[u8],
) -> Result<Arc<dyn Client>, AccountError> {
    let opened = central.seal.open(&place(campus, provider), sealed)?;
    client(provider, std::str::from_utf8(&opened).map_err(|_| AccountError::NotText)?)
}

/// Opens every account that is kept, as a payment does; the campus's code, the provider, and what is wrong with it.
///
/// # Errors
/// The database's.
pub async fn check(central: &Central) -> Result<Vec<(String, String, Result<(), AccountError>)>, Failure> {
    let sql = "SELECT c.code, m.campus_id, m.provider, m.sealed FROM merchants m JOIN campuses c ON c.id = m.campus_id ORDER BY c.code, m.provider";
    let rows = central.pool.get().await?.query(sql, &[]).await?;
    let one = |row: &tokio_postgres::Row| {
        let (campus, name): (Uuid, String) = (row.try_get("campus_id")?, row.try_get("provider")?);
        let provider =
            Provider::parse(&name).ok_or(Failure::Internal("a provider in the database is unknown"))?;
        let opened = open(central, campus, provider, row.try_get("sealed")?).map(drop);
        Ok((row.try_get("code")?, name, opened))
    };
    rows.iter().map(one).collect()
}

/// Fetches the current keys of the accounts that this instance uses; one that can't keeps those it has.
pub async fn refresh_keys(central: &Central) {
    let clients: Vec<Arc<dyn Client>> =
        central.accounts.0.lock().values().map(|(_, client)| Arc::clone(client)).collect();
    for client in clients {
        match client.refresh_keys().await {
            Ok(0) => {}
            Ok(new) => tracing::info!(new, provider = client.provider().as_str(), "a provider has new keys"),
            Err(error) => {
                tracing::warn!(
                    error = crate::chain(&error),
                    provider = client.provider().as_str(),
                    "a provider's keys can't be fetched"
                );
            }
        }
    }
}

/// Where a provider tells what happened to the campus's trades.
///
/// # Errors
/// [`Failure::Internal`] where server.public_url isn't one that a provider can call.
pub fn notify_url(central: &Central, campus: &str, provider: Provider) -> Result<NotifyUrl, Failure> {
    let base = central.settings.server.public_url.trim_end_matches('/');
    NotifyUrl::parse(&format!("{base}/notify/{}/{campus}", provider.as_str())).map_err(|_| {
        Failure::Internal("server.public_url isn't one that payment providers can call: it must be https")
    })
}
