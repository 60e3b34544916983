//! The worker: looks at trades, refunds and bills whose time has come, on whichever instance claims them.

use super::learn::{Told, learn};
use super::{MINUTE_MS, bills, refunds, unbooked};
use crate::clock::now_ms;
use crate::{Central, Failure, merchants};
use domain::Fen;
use futures_util::future::{join_all, try_join_all, try_join3};
use payment::{BadAnswer, Client, Closed, OutTradeNumber, PaymentError, Provider, TradeStatus};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_postgres::Row;
use uuid::Uuid;

/// How often the database is asked for what is due.
const EVERY: Duration = Duration::from_millis(500);
/// How many of a provider's trades, and of its refunds, an instance looks at at a time.
pub(super) const AT_A_TIME: i64 = 16;
/// For how long nobody else looks at a claimed trade: longer than a call to a provider may take.
const CLAIM_MS: i64 = 20_000;
/// Alipay advises 3 to 5 s between two questions.
const SOON_MS: i64 = 3_000;
/// After five minutes the payer has probably gone.
const LATER_MS: i64 = 15_000;
/// How long after a code's end it is asked about once more: the provider's clock, and a payer in the middle of it.
const GRACE_MS: i64 = MINUTE_MS;

/// A trade that is due.
struct Due {
    campus: Uuid,
    number: OutTradeNumber,
    provider: Provider,
    amount: Fen,
    is_given_up: bool,
    opened_ms: i64,
    expires_ms: i64,
    looks: i32,
    /// Until when it is claimed.
    claimed_ms: i64,
}

/// How often providers' keys are fetched anew.
const KEYS_EVERY: Duration = Duration::from_secs(12 * 60 * 60);
/// How often bills are asked for that are due.
const BILLS_EVERY: Duration = Duration::from_secs(10);
/// How often it is seen to that the day's bills are wanted, and that trades and payments are compared.
const SELDOM: Duration = Duration::from_secs(5 * 60);
/// How long to wait where the database didn't answer.
const AFTER_ERROR: Duration = Duration::from_secs(5);

/// A part of the work that waits for no other part.
#[derive(Clone, Copy)]
enum Way {
    Trades(Provider),
    Refunds(Provider),
    Bills(Provider),
    /// That the day's bills are wanted.
    WantBills,
    /// Trades and payments of booths that don't agree.
    Unbooked,
}

impl Way {
    /// How long to wait where nothing was due.
    const fn every(self) -> Duration {
        match self {
            Self::Trades(_) | Self::Refunds(_) => EVERY,
            Self::Bills(_) => BILLS_EVERY,
            Self::WantBills | Self::Unbooked => SELDOM,
        }
    }

    /// Does what is due now; how much that was.
    async fn turn(self, central: &Central) -> Result<usize, Failure> {
        match self {
            Self::Trades(provider) => turn_of(central, provider).await,
            Self::Refunds(provider) => refunds::turn(central, provider).await,
            Self::Bills(provider) => bills::turn_of(central, provider).await,
            Self::WantBills => bills::want_due(central).await.map(|()| 0),
            Self::Unbooked => unbooked::turn_if_due(central).await.map(|()| 0),
        }
    }

    async fn run(self, central: Central) {
        loop {
            let wait = match self.turn(&central).await {
                Ok(0) => self.every(),
                Ok(_) => EVERY,
                Err(error) => {
                    tracing::error!(error = crate::chain(&error), "payments can't be looked at");
                    AFTER_ERROR
                }
            };
            tokio::time::sleep(wait).await;
        }
    }
}

/// Runs until one of its parts ends, which none should: trades, refunds and bills of each provider go their own ways, so that none waits for what another
/// provider, or a long bill, takes its time for.
pub async fn run(central: Central) {
    let mut ways = JoinSet::new();
    for provider in Provider::ALL {
        for way in [Way::Trades(provider), Way::Refunds(provider), Way::Bills(provider)] {
            ways.spawn(way.run(central.clone()));
        }
    }
    for way in [Way::WantBills, Way::Unbooked] {
        ways.spawn(way.run(central.clone()));
    }
    ways.spawn(async move {
        loop {
            tokio::time::sleep(KEYS_EVERY).await;
            merchants::refresh_keys(&central).await;
        }
    });
    if let Some(Err(error)) = ways.join_next().await {
        tracing::error!(error = crate::chain(&error), "a part of the payments' worker has ended");
    }
}

/// Looks at everything that is due now.
///
/// # Errors
/// Whatever keeps PostgreSQL from answering.
pub async fn turn(central: &Central) -> Result<(), Failure> {
    let of = async |provider| {
        try_join3(
            turn_of(central, provider),
            refunds::turn(central, provider),
            bills::turn_of(central, provider),
        )
        .await
    };
    try_join_all(Provider::ALL.map(of)).await?;
    Ok(())
}

/// Looks at a provider's trades whose time has come; how many there were.
async fn turn_of(central: &Central, provider: Provider) -> Result<usize, Failure> {
    let due = claim(central, provider).await?;
    for failed in join_all(due.iter().map(|due| look(central, due))).await.into_iter().filter_map(Result::err)
    {
        tracing::error!(error = crate::chain(&failed), "a look at a trade failed; it is looked at again");
    }
    Ok(due.len())
}

async fn claim(central: &Central, provider: Provider) -> Result<Vec<Due>, Failure> {
    let sql = "UPDATE trades SET look_ms = $1 + $3, looks = looks + 1 WHERE (campus_id, number) IN
                   (SELECT campus_id, number FROM trades WHERE provider = $4 AND look_ms <= $1 ORDER BY look_ms LIMIT $2
                       FOR UPDATE SKIP LOCKED)
               RETURNING campus_id, number, provider, amount_fen, state, opened_ms, expires_ms, looks, look_ms";
    let client = central.pool.get().await?;
    let statement = client.prepare_cached(sql).await?;
    let rows = client.query(&statement, &[&now_ms(), &AT_A_TIME, &CLAIM_MS, &provider.as_str()]).await?;
    rows.iter().map(due).collect()
}

fn due(row: &Row) -> Result<Due, Failure> {
    const UNFIT: Failure = Failure::Internal("a trade in the database can't be read");
    Ok(Due {
        campus: row.try_get("campus_id")?,
        number: OutTradeNumber::parse(row.try_get("number")?).map_err(|_| UNFIT)?,
        provider: Provider::parse(row.try_get("provider")?).ok_or(UNFIT)?,
        amount: Fen::new(row.try_get::<_, i64>("amount_fen")?.unsigned_abs()).map_err(|_| UNFIT)?,
        is_given_up: row.try_get::<_, &str>("state")? == "closing",
        opened_ms: row.try_get("opened_ms")?,
        expires_ms: row.try_get("expires_ms")?,
        looks: row.try_get("looks")?,
        claimed_ms: row.try_get("look_ms")?,
    })
}

/// What a look came to.
enum Seen {
    /// The provider said something.
    Told(Told),
    /// To be looked at again after this time.
    Again(i64),
}

async fn look(central: &Central, due: &Due) -> Result<(), Failure> {
    let account = merchants::account(central, due.campus, due.provider).await?;
    let over = now_ms() > due.expires_ms + GRACE_MS;
    let seen =
        if due.is_given_up || over { end(&*account, due, over).await } else { ask(&*account, due).await };
    let seen = seen.unwrap_or_else(|error| {
        tracing::warn!(
            error = crate::chain(&error),
            looks = due.looks,
            "a trade's state is unknown; it is asked about again"
        );
        Seen::Again(SOON_MS << due.looks.clamp(0, 6))
    });
    match seen {
        Seen::Told(told) => learn(central, due.campus, due.number.as_str(), &told).await,
        Seen::Again(wait_ms) => look_again(central, due, wait_ms).await,
    }
}

/// Puts the next look off, unless somebody has given the trade another time since it was claimed: one who gave it up wants it closed
/// now, not after this wait.
async fn look_again(central: &Central, due: &Due, wait_ms: i64) -> Result<(), Failure> {
    let sql = "UPDATE trades SET look_ms = $3 WHERE campus_id = $1 AND number = $2 AND look_ms = $4";
    let at = now_ms() + wait_ms;
    let number = due.number.as_str();
    central.pool.get().await?.execute(sql, &[&due.campus, &number, &at, &due.claimed_ms]).await?;
    Ok(())
}

async fn ask(account: &dyn Client, due: &Due) -> Result<Seen, PaymentError> {
    let wait = if now_ms() - due.opened_ms < 5 * MINUTE_MS { SOON_MS } else { LATER_MS };
    Ok(match query(account, due).await? {
        Some(told) => Seen::Told(told),
        None => Seen::Again(wait),
    })
}

/// What the provider says; nothing where nobody has paid.
async fn query(account: &dyn Client, due: &Due) -> Result<Option<Told>, PaymentError> {
    Ok(match account.query(&due.number, due.amount).await {
        Ok(TradeStatus::Waiting | TradeStatus::NotFound) => None,
        Ok(TradeStatus::Paid(paid)) => Some(Told::Paid(paid)),
        Ok(TradeStatus::Refunded(paid)) => Some(Told::PaidBack(paid)),
        Ok(TradeStatus::Closed) => Some(Told::Closed),
        Err(PaymentError::BadAnswer(BadAnswer::OtherAmount(paid))) => Some(Told::Paid(*paid)),
        Err(PaymentError::BadAnswer(BadAnswer::Wrong { field: "amount" | "total_amount" })) => {
            Some(Told::OtherAmount)
        }
        Err(error) => return Err(error),
    })
}

/// Closes a trade that was given up, or whose code is void. An Alipay code that nobody scanned can't be closed and stays payable
/// until its end: until then it is asked about.
async fn end(account: &dyn Client, due: &Due, over: bool) -> Result<Seen, PaymentError> {
    Ok(match account.close(&due.number).await? {
        Closed::Closed => Seen::Told(Told::Closed),
        Closed::NoTrade if over || due.provider == Provider::WechatPay => Seen::Told(Told::Closed),
        Closed::NoTrade => Seen::Again(LATER_MS),
        Closed::AlreadyPaid => match query(account, due).await? {
            Some(told) => Seen::Told(told),
            None => Seen::Again(SOON_MS),
        },
    })
}
