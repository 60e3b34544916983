//! Trades and the payments that booths tell, compared: paid trades that no booth has booked, and booked payments without a paid trade.
//!
//! A booth may be without a network for a while, so only what is older than a day is looked at. What agrees later is no difference
//! any more, unless somebody has settled it with a note.

use crate::clock::{new_id, now_ms};
use crate::{Central, Failure};

const HOUR_MS: i64 = 60 * 60 * 1000;
/// How often it is looked for, by one instance.
const EVERY_MS: i64 = 6 * HOUR_MS;
/// How long a booth's event may take.
const PATIENCE_MS: i64 = 24 * HOUR_MS;
/// How far back is looked: weeks without a network are nothing unusual.
const WINDOW_MS: i64 = 100 * 24 * HOUR_MS;

/// Looks for differences where no instance has for some hours.
pub(super) async fn turn_if_due(central: &Central) -> Result<(), Failure> {
    let now = now_ms();
    let sql = "INSERT INTO leases (name, holder, until_ms) VALUES ('unbooked', $1, $2) ON CONFLICT (name)
               DO UPDATE SET holder = $1, until_ms = $2 WHERE leases.until_ms < $3";
    let client = central.pool.get().await?;
    let is_due = client.execute(sql, &[&new_id(), &(now + EVERY_MS), &now]).await? == 1;
    drop(client);
    let compared = if is_due { turn(central, now).await } else { Ok(()) };
    if compared.is_err() {
        // Soon again, here or elsewhere; a database that doesn't answer this either is asked when the lease ends.
        let sql = "UPDATE leases SET until_ms = 0 WHERE name = 'unbooked'";
        central.pool.get().await?.execute(sql, &[]).await?;
    }
    compared
}

/// Notes what differs at `now`, and forgets what agrees by now.
///
/// # Errors
/// Whatever keeps PostgreSQL from answering.
pub async fn turn(central: &Central, now: i64) -> Result<(), Failure> {
    // A trade's number is its payment's id without hyphens; one of another form has no payment.
    let forget = "DELETE FROM bill_differences d WHERE d.settled_ms IS NULL AND CASE d.sort
               WHEN 'unbooked' THEN NOT EXISTS (SELECT 1 FROM trades t WHERE t.campus_id = d.campus_id AND t.number = d.number AND t.state = 'paid')
                   OR EXISTS (SELECT 1 FROM payments p WHERE p.campus_id = d.campus_id
                       AND p.id = CASE WHEN d.number ~ '^[0-9A-Fa-f]{32}$' THEN d.number::uuid END)
               WHEN 'no_trade' THEN EXISTS (SELECT 1 FROM trades t WHERE t.campus_id = d.campus_id AND t.number = d.number
                   AND t.provider = d.provider AND t.state IN ('paid', 'refunding', 'refunded'))
               ELSE false END";
    let unbooked = "INSERT INTO bill_differences (campus_id, provider, day, number, sort, of_refund, here_fen)
               SELECT t.campus_id, t.provider, (to_timestamp(t.paid_ms / 1000) AT TIME ZONE 'UTC' + interval '8 hours')::date, t.number,
                   'unbooked', false, t.received_fen
               FROM campuses c JOIN trades t ON t.campus_id = c.id AND t.paid_ms >= $1 AND t.paid_ms < $2 AND t.state = 'paid'
               WHERE NOT EXISTS (SELECT 1 FROM payments p WHERE p.campus_id = t.campus_id
                   AND p.id = CASE WHEN t.number ~ '^[0-9A-Fa-f]{32}$' THEN t.number::uuid END) ON CONFLICT DO NOTHING";
    let no_trade = "INSERT INTO bill_differences (campus_id, provider, day, number, sort, of_refund, here_fen)
               SELECT p.campus_id, p.means, (to_timestamp(p.settled_ms / 1000) AT TIME ZONE 'UTC' + interval '8 hours')::date,
                   replace(p.id::text, '-', ''), 'no_trade', false, p.amount_fen
               FROM campuses c JOIN payments p ON p.campus_id = c.id AND p.settled_ms >= $1 AND p.settled_ms < $2
                   AND p.means IN ('wechat_pay', 'alipay')
               WHERE NOT EXISTS (SELECT 1 FROM trades t WHERE t.campus_id = p.campus_id AND t.number = replace(p.id::text, '-', '')
                   AND t.provider = p.means AND t.state IN ('paid', 'refunding', 'refunded')) ON CONFLICT DO NOTHING";
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    tx.batch_execute("SET LOCAL statement_timeout = 0").await?;
    tx.execute(forget, &[]).await?;
    let mut found = 0;
    for sql in [unbooked, no_trade] {
        found += tx.execute(sql, &[&(now - WINDOW_MS), &(now - PATIENCE_MS)]).await?;
    }
    tx.commit().await?;
    if found > 0 {
        tracing::error!(count = found, "trades and the payments that booths tell differ");
    }
    Ok(())
}
