//! The stand-in's notifications: signed as the providers do, several times where the settings say so, and again until
//! somebody takes them.

use super::{
    Shared, alipay,
    books::{Refund, Trade},
    keys::{APP_ID, MCHID, SELLER_ID},
    wechat,
};
use crate::{
    Provider,
    alipay::{encode_form, sign::notification_text},
    china_time, link,
};
use domain::UtcMillis;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    iter,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

/// What is sent.
struct Letter {
    provider: Provider,
    url: String,
    headers: Vec<(&'static str, String)>,
    body: String,
}

/// Tells `times` times that a trade was paid.
pub(super) fn paid(shared: &Arc<Shared>, provider: Provider, number: &str, times: u32) {
    let trade = shared.books.lock().trades(provider).get(number).cloned();
    let told = trade.filter(|trade| trade.paid.is_some() && !trade.terms.notify_url.is_empty());
    let Some(mut trade) = told else { return };
    // It tells of the payment alone, also when it comes again after a refund.
    trade.refunds.clear();
    for _ in 0..times {
        let letter = match provider {
            Provider::WechatPay => {
                let told = wechat::told(number, &trade, shared.now());
                sealed(shared, &trade.terms.notify_url, "TRANSACTION.SUCCESS", "transaction", &told)
            }
            Provider::Alipay => Some(form(shared, number, &trade, None)),
        };
        deliver(shared, letter, Duration::ZERO);
    }
}

/// Tells that a refund is done, when it is.
pub(super) fn refunded(shared: &Arc<Shared>, provider: Provider, number: &str, refund: &Refund) {
    let trade = shared.books.lock().trades(provider).get(number).cloned();
    let Some(trade) = trade else { return };
    let letter = match (provider, &refund.notify_url) {
        (Provider::WechatPay, Some(url)) => sealed(
            shared,
            url,
            "REFUND.SUCCESS",
            "refund",
            &json!({
                "mchid": MCHID, "out_trade_no": number, "out_refund_no": refund.number, "refund_id": refund.id,
                "refund_status": "SUCCESS", "success_time": china_time::rfc3339(UtcMillis(refund.done_ms)),
                "amount": { "total": trade.terms.amount, "refund": refund.amount },
            }),
        ),
        (Provider::Alipay, _) if !trade.terms.notify_url.is_empty() => {
            Some(form(shared, number, &trade, Some(refund)))
        }
        _ => None,
    };
    deliver(shared, letter, shared.settings.refund_takes);
}

/// WeChat Pay's: JSON with a sealed part, signed in headers.
fn sealed(shared: &Shared, url: &str, event: &str, about: &str, told: &Value) -> Option<Letter> {
    let keys = &shared.keys;
    let resource = keys.api_key.seal(told.to_string().as_bytes(), &link::nonce(6).ok()?, about)?;
    let body = json!({
        "id": link::nonce(16).ok()?, "create_time": china_time::rfc3339(shared.now()), "event_type": event,
        "resource_type": "encrypt-resource", "summary": "A demonstration: no money moved.", "resource": resource,
    })
    .to_string();
    let timestamp = shared.now().0.div_euclid(1000);
    let headers = wechat::signature(&keys.platform.key, &keys.platform.serial, timestamp, body.as_bytes())?;
    let mut headers = headers.to_vec();
    headers.push(("content-type", "application/json".to_owned()));
    Some(Letter { provider: Provider::WechatPay, url: url.to_owned(), headers, body })
}

/// Alipay's: a signed form.
fn form(shared: &Shared, number: &str, trade: &Trade, refund: Option<&Refund>) -> Letter {
    let now = china_time::civil(shared.now());
    let mut fields: BTreeMap<&str, String> = BTreeMap::from([
        ("notify_time", now),
        ("notify_type", "trade_status_sync".to_owned()),
        ("notify_id", link::nonce(16).unwrap_or_default()),
        ("app_id", APP_ID.to_owned()),
        ("seller_id", SELLER_ID.to_owned()),
        ("charset", "utf-8".to_owned()),
        ("version", "1.0".to_owned()),
        ("sign_type", "RSA2".to_owned()),
        ("subject", trade.terms.description.clone()),
        ("out_trade_no", number.to_owned()),
        ("trade_status", alipay::status(trade, shared.now()).to_owned()),
    ]);
    if let Some(paid) = &trade.paid {
        fields.insert("trade_no", paid.transaction.clone());
        fields.insert("total_amount", alipay::yuan_text(paid.amount));
        fields.insert("gmt_payment", china_time::civil(UtcMillis(paid.at_ms)));
    }
    if let Some(refund) = refund {
        fields.insert("refund_fee", alipay::yuan_text(trade.refunded()));
        fields.insert("out_biz_no", refund.number.clone());
        fields.insert("gmt_refund", format!("{}.000", china_time::civil(UtcMillis(refund.done_ms))));
    }
    let text = notification_text(fields.iter().map(|(name, value)| (*name, value.as_str())));
    fields.insert("sign", shared.keys.alipay.sign(text.as_bytes()).unwrap_or_default());
    Letter {
        provider: Provider::Alipay,
        url: trade.terms.notify_url.clone(),
        headers: vec![("content-type", "application/x-www-form-urlencoded; charset=utf-8".to_owned())],
        body: encode_form(fields.iter().map(|(name, value)| (*name, value.as_str()))),
    }
}

/// Sends a letter after a while, and again until it is taken or the attempts are used up.
fn deliver(shared: &Arc<Shared>, letter: Option<Letter>, after: Duration) {
    let Some(letter) = letter else { return };
    let (posting, retries) = (Arc::clone(shared), shared.settings.notify_retries.clone());
    shared.spawn(async move {
        for wait in iter::once(after).chain(retries) {
            tokio::time::sleep(wait).await;
            if is_taken(&posting.http, &letter).await {
                posting.notified.fetch_add(1, Ordering::Relaxed);
                return;
            }
        }
        tracing::warn!(provider = letter.provider.as_str(), "nobody took a demonstration's notification");
    });
}

/// Whether it was answered as the provider wants it: WeChat Pay by the status, Alipay by the word `success`.
async fn is_taken(http: &reqwest::Client, letter: &Letter) -> bool {
    let mut request = http.post(&letter.url).body(letter.body.clone());
    for (name, value) in &letter.headers {
        request = request.header(*name, value);
    }
    match link::exchange(request, 4096).await {
        Ok(answer) => {
            let success = (200..300).contains(&answer.status);
            success && (letter.provider == Provider::WechatPay || answer.body.trim_ascii() == b"success")
        }
        Err(error) => {
            tracing::debug!(%error, "a demonstration's notification did not arrive");
            false
        }
    }
}
