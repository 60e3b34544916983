//! Trades: opened for booths at the payment providers, and followed until their money is where it belongs.
//!
//! What a provider says reaches [`learn`] from three sides (a notification, a look of the worker's, a closing), each in a
//! transaction that locks the order's trades: however many of them say the same at once, money counts once. Nothing that a
//! provider leaves unknown is taken for a failure. A trade is looked at by whoever claims it in the database first, so any number of
//! instances share the work.

pub mod bills;
mod learn;
mod look;
mod refunds;
pub mod unbooked;

pub use learn::{Told, learn};
pub use look::{run, turn};
pub use refunds::learn as refund_told;
pub(crate) use refunds::{Cause, settle_by_hand, tell_done, try_again, want};

use crate::clock::now_ms;
use crate::devices::Device;
use crate::{Central, Failure, campuses, merchants};
use domain::{Fen, UtcMillis};
use payment::{Description, NewTrade, OutTradeNumber, PaymentError, Provider};
use protocol::payment::{OpenTrade, Trade, TradeState};
use tokio_postgres::Row;
use uuid::Uuid;

const MINUTE_MS: i64 = 60 * 1000;
/// When an opened trade is first looked at: a payer needs longer to find the phone.
const FIRST_LOOK_MS: i64 = 3_000;

/// What is asked, within its limits.
struct Asked<'a> {
    open: &'a OpenTrade,
    provider: Provider,
    number: OutTradeNumber,
    amount: Fen,
    description: Description,
}

fn parse(open: &OpenTrade) -> Result<Asked<'_>, Failure> {
    let provider = Provider::parse(&open.means).ok_or(Failure::PaymentUnavailable)?;
    let number = OutTradeNumber::parse(&open.number)
        .map_err(|_| Failure::Invalid("a trade's number is 6 to 32 of 0-9A-Za-z_"))?;
    let amount = Fen::new(open.amount_fen).ok().filter(|amount| amount.fen() > 0);
    let amount = amount.ok_or(Failure::Invalid("an amount is 1 to 1000000 fen"))?;
    let short = (1..=40).contains(&open.description.chars().count());
    let description = Description::parse(&open.description).ok().filter(|_| short);
    let description = description.ok_or(Failure::Invalid(
        "a description has 1 to 40 characters, without control characters, /, = and &",
    ))?;
    Ok(Asked { open, provider, number, amount, description })
}

/// Opens a trade at the provider. The same number again is the same trade.
///
/// # Errors
/// [`Failure::NumberTaken`], [`Failure::PaymentUnavailable`], [`Failure::ProviderUnreachable`] where the provider's answer isn't known
/// (the same number may be asked for again), [`Failure::ProviderRefused`].
pub async fn open(central: &Central, device: &Device, asked: &OpenTrade) -> Result<Trade, Failure> {
    let asked = parse(asked)?;
    let account = merchants::account(central, device.campus, asked.provider).await?;
    let expires = note(central, device, &asked).await?;
    let trade = find(central, device, asked.number.as_str()).await?;
    if trade.state != TradeState::Opening {
        return Ok(trade);
    }
    let new = NewTrade {
        number: asked.number.clone(),
        amount: asked.amount,
        description: asked.description,
        expires: UtcMillis(expires),
        notify_url: merchants::notify_url(
            central,
            &campus_code(central, device.campus).await?,
            asked.provider,
        )?,
    };
    match account.open(&new).await {
        Ok(opened) => opened_at_provider(central, device, asked.number.as_str(), &opened.code_url).await,
        Err(error) => Err(not_opened(central, device, asked.number.as_str(), &error).await),
    }
}

/// Notes the trade before the provider hears of it; when its code is void.
async fn note(central: &Central, device: &Device, asked: &Asked<'_>) -> Result<i64, Failure> {
    let now = now_ms();
    let expires = now + i64::from(central.settings.payments.code_minutes) * MINUTE_MS;
    let client = central.pool.get().await?;
    let sql = "INSERT INTO trades (campus_id, number, provider, device_id, order_id, amount_fen, description, state, opened_ms, expires_ms, look_ms)
               VALUES ($1, $2, $3, $4, $5, $6, $7, 'opening', $8, $9, $10) ON CONFLICT DO NOTHING";
    let (number, provider) = (asked.number.as_str(), asked.provider.as_str());
    let (order, amount) = (asked.open.order_id, asked.open.amount_fen.cast_signed());
    let look = now + MINUTE_MS;
    let statement = client.prepare_cached(sql).await?;
    client
        .execute(
            &statement,
            &[
                &device.campus,
                &number,
                &provider,
                &device.id,
                &order,
                &amount,
                &asked.description.as_str(),
                &now,
                &expires,
                &look,
            ],
        )
        .await?;
    // A booth that has enrolled anew is another device, and its trades are still its own.
    let sql = "SELECT expires_ms, provider = $3 AND order_id = $4 AND amount_fen = $5 AS same FROM trades
               WHERE campus_id = $1 AND number = $2";
    let row = client.query_one(sql, &[&device.campus, &number, &provider, &order, &amount]).await?;
    if row.try_get("same")? { Ok(row.try_get("expires_ms")?) } else { Err(Failure::NumberTaken) }
}

async fn campus_code(central: &Central, campus: Uuid) -> Result<String, Failure> {
    Ok(campuses::of(&**central.pool.get().await?, campus).await?.code)
}

async fn opened_at_provider(
    central: &Central,
    device: &Device,
    number: &str,
    code_url: &str,
) -> Result<Trade, Failure> {
    let sql = "UPDATE trades SET state = 'open', code_url = $3, look_ms = $4 WHERE campus_id = $1 AND number = $2 AND state = 'opening'";
    let look = now_ms() + FIRST_LOOK_MS;
    central.pool.get().await?.execute(sql, &[&device.campus, &number, &code_url, &look]).await?;
    find(central, device, number).await
}

/// Only a refusal that is verifiably the provider's ends the trade; anything else leaves it to be looked at.
async fn not_opened(central: &Central, device: &Device, number: &str, error: &PaymentError) -> Failure {
    tracing::warn!(error = crate::chain(error), "a trade could not be opened");
    if !matches!(error, PaymentError::Refused { .. }) {
        return Failure::ProviderUnreachable;
    }
    let sql = "UPDATE trades SET state = 'closed', look_ms = NULL WHERE campus_id = $1 AND number = $2 AND state = 'opening'";
    let ended =
        async { Ok::<_, Failure>(central.pool.get().await?.execute(sql, &[&device.campus, &number]).await?) };
    match ended.await {
        Ok(_) => Failure::ProviderRefused,
        Err(error) => error,
    }
}

/// Where a trade of the device's campus stands, as it is known here: the worker and the provider's notifications keep it current.
/// Whichever device opened it: a booth that has enrolled anew is another device.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn find(central: &Central, device: &Device, number: &str) -> Result<Trade, Failure> {
    let client = central.pool.get().await?;
    let sql =
        "SELECT number, order_id, provider, amount_fen, state, code_url, expires_ms, received_fen FROM trades
               WHERE campus_id = $1 AND number = $2";
    let row = client.query_opt(&client.prepare_cached(sql).await?, &[&device.campus, &number]).await?;
    read(&row.ok_or(Failure::NotFound("trade"))?)
}

fn read(row: &Row) -> Result<Trade, Failure> {
    let state = match row.try_get::<_, &str>("state")? {
        "opening" => TradeState::Opening,
        "open" => TradeState::Open,
        "paid" => TradeState::Paid,
        "wrong_amount" => TradeState::WrongAmount,
        "refunding" => TradeState::Refunding,
        "refunded" => TradeState::Refunded,
        _ => TradeState::Closed,
    };
    let code_url: Option<String> = row.try_get("code_url")?;
    Ok(Trade {
        number: row.try_get("number")?,
        order_id: row.try_get("order_id")?,
        means: row.try_get("provider")?,
        amount_fen: row.try_get::<_, i64>("amount_fen")?.unsigned_abs(),
        state,
        code_url: code_url.filter(|_| state == TradeState::Open),
        expires_ms: row.try_get("expires_ms")?,
        received_fen: row.try_get::<_, Option<i64>>("received_fen")?.map(i64::unsigned_abs),
    })
}

/// Gives a trade up: whatever arrives for it from now on goes back.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn close(central: &Central, device: &Device, number: &str) -> Result<Trade, Failure> {
    let sql = "UPDATE trades SET state = 'closing', look_ms = $3, looks = 0
               WHERE campus_id = $1 AND number = $2 AND state IN ('opening', 'open')";
    central.pool.get().await?.execute(sql, &[&device.campus, &number, &now_ms()]).await?;
    find(central, device, number).await
}

/// Pays a trade back whose money no order needs.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn pay_back(central: &Central, device: &Device, number: &str) -> Result<Trade, Failure> {
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    let sql = "SELECT 1 FROM trades WHERE campus_id = $1 AND number = $2 AND state = 'paid' FOR UPDATE";
    if tx.query_opt(sql, &[&device.campus, &number]).await?.is_some() {
        refunds::want(&tx, device.campus, number, refunds::Cause::Asked, &device.name).await?;
    }
    tx.commit().await?;
    find(central, device, number).await
}
