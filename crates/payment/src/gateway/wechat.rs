//! The stand-in's WeChat Pay, APIv3.

use super::{
    Fault, Shared, bills,
    books::{CloseRefusal, OpenRefusal, Refund, RefundRefusal, Terms, Trade},
    keys::{APPID, MCHID, PUBLIC_KEY_ID},
    notify,
    server::{Answer, Asked, text},
};
use crate::{
    OutRefundNumber, OutTradeNumber, Provider, china_time, link,
    rsa::PrivateKey,
    wechat::sign::{SKEW_S, Stamp, answer_text, request_text},
};
use domain::UtcMillis;
use http::{HeaderValue, Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

const WECHAT: Provider = Provider::WechatPay;
/// How much of a signature a probe replaces with its mark.
const PROBE: &str = "WECHATPAY/SIGNTEST/";

/// A status with its JSON; 204 has none.
pub(super) type Said = (u16, Value);

pub(super) async fn answer(shared: &Arc<Shared>, asked: &Asked) -> Answer {
    let fault = shared.faults.lock().take(WECHAT);
    match fault {
        Some(Fault::HangBefore) => return hung(shared).await,
        Some(Fault::ServerErrorBefore) => return broken(),
        _ => {}
    }
    if !is_signed(shared, asked) {
        return signed(shared, asked, refused(401, "SIGN_ERROR"), None);
    }
    if asked.path == "/v3/billdownload/file" {
        return bills::wechat_download(shared, &asked.query, fault);
    }
    let (status, mut said) = judge(shared, asked);
    Fault::twist(fault, &mut said);
    match fault {
        Some(Fault::HangAfter) => hung(shared).await,
        Some(Fault::ServerErrorAfter) => broken(),
        _ => signed(shared, asked, (status, said), fault),
    }
}

/// Holds the answer until the caller has given up.
pub(super) async fn hung(shared: &Shared) -> Answer {
    tokio::time::sleep(shared.settings.hang).await;
    text(StatusCode::GATEWAY_TIMEOUT, "text/plain", "too late")
}

pub(super) fn broken() -> Answer {
    text(StatusCode::INTERNAL_SERVER_ERROR, "text/html", "<html>500</html>")
}

pub(super) fn refused(status: u16, code: &str) -> Said {
    (status, json!({ "code": code, "message": "A demonstration refuses this." }))
}

/// Whether the merchant signed the request, now.
fn is_signed(shared: &Shared, asked: &Asked) -> bool {
    let header = asked.headers.get("authorization").and_then(|value| value.to_str().ok());
    let Some(parts) = header.and_then(|header| header.strip_prefix("WECHATPAY2-SHA256-RSA2048 ")) else {
        return false;
    };
    let part = |name: &str| {
        let found = parts.split(',').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix("=\""));
        found.and_then(|value| value.strip_suffix('"')).unwrap_or_default()
    };
    let Ok(timestamp) = part("timestamp").parse::<i64>() else { return false };
    let target =
        if asked.query.is_empty() { asked.path.clone() } else { format!("{}?{}", asked.path, asked.query) };
    let Ok(body) = std::str::from_utf8(&asked.body) else { return false };
    let signed =
        request_text(asked.method.as_str(), &target, Stamp { timestamp, nonce: part("nonce_str") }, body);
    let skew = timestamp.saturating_sub(shared.now().0.div_euclid(1000));
    part("mchid") == MCHID
        && part("serial_no") == shared.keys.merchant_serial
        && (-SKEW_S..=SKEW_S).contains(&skew)
        && shared.keys.merchant.verifies(signed.as_bytes(), part("signature"))
}

/// Signs what is said, or does not, as the fault wants.
fn signed(shared: &Shared, asked: &Asked, (status, said): Said, fault: Option<Fault>) -> Answer {
    let mut body = if status == 204 { String::new() } else { said.to_string() };
    if fault == Some(Fault::Rubbish) {
        body = "<html>not JSON</html>".to_owned();
    }
    let by_id = asked.headers.get("wechatpay-serial").is_some_and(|serial| serial == PUBLIC_KEY_ID);
    let (key, serial) = match fault {
        Some(Fault::WrongKey) => (&shared.keys.stranger, shared.keys.platform.serial.as_str()),
        Some(Fault::NextKey) => (&shared.keys.next_platform.key, shared.keys.next_platform.serial.as_str()),
        _ if by_id => (&shared.keys.platform.key, PUBLIC_KEY_ID),
        _ => (&shared.keys.platform.key, shared.keys.platform.serial.as_str()),
    };
    let late = if fault == Some(Fault::Skewed) { 3600 } else { 0 };
    let headers = signature(key, serial, shared.now().0.div_euclid(1000) - late, body.as_bytes());
    if fault == Some(Fault::Altered) {
        body.push(' ');
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = text(status, "application/json; charset=utf-8", body);
    for (name, mut value) in headers.unwrap_or_default() {
        if fault == Some(Fault::Probe) && name == "wechatpay-signature" {
            value = format!("{PROBE}{value}");
        }
        if let Some(value) = HeaderValue::from_str(&value).ok().filter(|_| fault != Some(Fault::Unsigned)) {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}

/// The headers that sign `body`; `None` without randomness.
pub(super) fn signature(
    key: &PrivateKey,
    serial: &str,
    timestamp: i64,
    body: &[u8],
) -> Option<[(&'static str, String); 4]> {
    let (nonce, timestamp) = (link::nonce(16).ok()?, timestamp.to_string());
    let signature = key.sign(&answer_text(&timestamp, &nonce, body))?;
    Some([
        ("wechatpay-timestamp", timestamp),
        ("wechatpay-nonce", nonce),
        ("wechatpay-signature", signature),
        ("wechatpay-serial", serial.to_owned()),
    ])
}

fn judge(shared: &Arc<Shared>, asked: &Asked) -> Said {
    let order = asked.path.strip_prefix("/v3/pay/transactions/out-trade-no/");
    let refund = asked.path.strip_prefix("/v3/refund/domestic/refunds/");
    match (&asked.method, asked.path.as_str(), order, refund) {
        (&Method::POST, "/v3/pay/transactions/native", ..) => open(shared, &asked.body),
        (&Method::GET, _, Some(number), _) => query(shared, number, &asked.query),
        (&Method::POST, _, Some(rest), _) if rest.ends_with("/close") => {
            close(shared, rest.trim_end_matches("/close"), &asked.body)
        }
        (&Method::POST, "/v3/refund/domestic/refunds", ..) => give_back(shared, &asked.body),
        (&Method::GET, _, _, Some(number)) => query_refund(shared, number),
        (&Method::GET, "/v3/bill/tradebill", ..) => bills::wechat_place(shared, &asked.query),
        (&Method::GET, "/v3/certificates", ..) => certificates(shared),
        _ => refused(404, "RESOURCE_NOT_EXISTS"),
    }
}

#[derive(Deserialize)]
struct Order {
    appid: String,
    mchid: String,
    description: String,
    out_trade_no: String,
    time_expire: Option<String>,
    notify_url: String,
    amount: Amount,
}

#[derive(Deserialize)]
struct Amount {
    total: u64,
    currency: Option<String>,
}

fn open(shared: &Arc<Shared>, body: &[u8]) -> Said {
    let Ok(order) = serde_json::from_slice::<Order>(body) else { return refused(400, "PARAM_ERROR") };
    let now = shared.now();
    let two_hours = now.plus_ms(7_200_000);
    let expires = order.time_expire.as_deref().map_or(Some(two_hours), china_time::parse_rfc3339);
    let in_yuan = order.amount.currency.as_deref().unwrap_or("CNY") == "CNY";
    let formed = OutTradeNumber::parse(&order.out_trade_no).is_ok() && order.description.len() <= 127;
    let Some(expires) = expires.filter(|_| formed && in_yuan && order.amount.total > 0) else {
        return refused(400, "PARAM_ERROR");
    };
    if order.mchid != MCHID || order.appid != APPID {
        return refused(400, "APPID_MCHID_NOT_MATCH");
    }
    let Ok(token) = link::nonce(16) else { return refused(500, "SYSTEM_ERROR") };
    let terms =
        Terms { amount: order.amount.total, description: order.description, notify_url: order.notify_url };
    let number = order.out_trade_no;
    match shared.change(|books| books.open(WECHAT, &number, terms, expires.0, token, now)) {
        Ok(trade) => {
            shared.pay_later(WECHAT, number);
            (200, json!({ "code_url": format!("{}/pay/{}", shared.public_url(), trade.token) }))
        }
        Err(OpenRefusal::Paid) => refused(400, "ORDERPAID"),
        Err(OpenRefusal::Closed) => refused(400, "ORDER_CLOSED"),
        Err(OpenRefusal::OtherTerms) => refused(403, "OUT_TRADE_NO_USED"),
    }
}

fn query(shared: &Shared, number: &str, query: &str) -> Said {
    if query != format!("mchid={MCHID}") {
        return refused(400, "PARAM_ERROR");
    }
    let books = shared.books.lock();
    match books.trades(WECHAT).get(number) {
        Some(trade) => (200, told(number, trade, shared.now())),
        None => refused(404, "ORDER_NOT_EXIST"),
    }
}

/// A trade as answers and notifications tell it.
pub(super) fn told(number: &str, trade: &Trade, now: UtcMillis) -> Value {
    let state = match &trade.paid {
        Some(_) if !trade.refunds.is_empty() => "REFUND",
        Some(_) => "SUCCESS",
        None if trade.is_closed(WECHAT, now) => "CLOSED",
        None => "NOTPAY",
    };
    let amount = trade.paid.as_ref().map_or(trade.terms.amount, |paid| paid.amount);
    let mut told = json!({
        "appid": APPID, "mchid": MCHID, "out_trade_no": number, "trade_type": "NATIVE", "trade_state": state,
        "trade_state_desc": "demonstration", "attach": "",
        "amount": { "total": amount, "payer_total": amount, "currency": "CNY", "payer_currency": "CNY" },
    });
    if let Some(paid) = &trade.paid {
        told["transaction_id"] = paid.transaction.clone().into();
        told["success_time"] = china_time::rfc3339(UtcMillis(paid.at_ms)).into();
    }
    told
}

#[derive(Deserialize)]
struct Close {
    mchid: String,
}

fn close(shared: &Shared, number: &str, body: &[u8]) -> Said {
    if !serde_json::from_slice::<Close>(body).is_ok_and(|close| close.mchid == MCHID) {
        return refused(400, "PARAM_ERROR");
    }
    let now = shared.now();
    match shared.change(|books| books.close(WECHAT, number, now)) {
        Ok(()) | Err(CloseRefusal::Closed) => (204, Value::Null),
        Err(CloseRefusal::Paid) => refused(400, "ORDERPAID"),
        Err(CloseRefusal::NotFound) => refused(404, "ORDER_NOT_EXIST"),
    }
}

#[derive(Deserialize)]
struct RefundOrder {
    out_trade_no: String,
    out_refund_no: String,
    notify_url: Option<String>,
    amount: RefundAmount,
}

#[derive(Deserialize)]
struct RefundAmount {
    refund: u64,
    total: u64,
}

fn give_back(shared: &Arc<Shared>, body: &[u8]) -> Said {
    let order = serde_json::from_slice::<RefundOrder>(body).ok();
    let Some(order) = order.filter(|order| OutRefundNumber::parse(&order.out_refund_no).is_ok()) else {
        return refused(400, "PARAM_ERROR");
    };
    let (now, takes) =
        (shared.now(), i64::try_from(shared.settings.refund_takes.as_millis()).unwrap_or(i64::MAX));
    let asked = Refund {
        id: format!("50300{}", now.0),
        number: order.out_refund_no,
        amount: order.amount.refund,
        notify_url: order.notify_url,
        asked_ms: now.0,
        done_ms: now.plus_ms(takes).0,
    };
    let total = shared.books.lock().trades(WECHAT).get(&order.out_trade_no).map(|trade| trade.terms.amount);
    if total.is_some_and(|total| total != order.amount.total) {
        return refused(400, "INVALID_REQUEST");
    }
    match shared.change(|books| books.refund(WECHAT, &order.out_trade_no, asked)) {
        Ok((trade, refund)) => {
            notify::refunded(shared, WECHAT, &order.out_trade_no, &refund);
            (200, told_refund(&order.out_trade_no, &trade, &refund, now))
        }
        Err(RefundRefusal::NotFound) => refused(404, "RESOURCE_NOT_EXISTS"),
        Err(RefundRefusal::TooMuch) => refused(403, "NOT_ENOUGH"),
        Err(RefundRefusal::NotPaid | RefundRefusal::OtherTerms) => refused(400, "INVALID_REQUEST"),
    }
}

fn query_refund(shared: &Shared, number: &str) -> Said {
    let books = shared.books.lock();
    match books.find_refund(WECHAT, number) {
        Some((trade_number, trade, refund)) => (200, told_refund(trade_number, trade, refund, shared.now())),
        None => refused(404, "RESOURCE_NOT_EXISTS"),
    }
}

fn told_refund(number: &str, trade: &Trade, refund: &Refund, now: UtcMillis) -> Value {
    let mut told = json!({
        "refund_id": refund.id, "out_refund_no": refund.number, "out_trade_no": number,
        "transaction_id": trade.paid.as_ref().map(|paid| paid.transaction.clone()), "channel": "ORIGINAL",
        "create_time": china_time::rfc3339(UtcMillis(refund.asked_ms)), "status": "PROCESSING",
        "amount": { "total": trade.terms.amount, "refund": refund.amount, "currency": "CNY" },
    });
    if refund.done_ms <= now.0 {
        told["status"] = "SUCCESS".into();
        told["success_time"] = china_time::rfc3339(UtcMillis(refund.done_ms)).into();
    }
    told
}

/// The certificates of now and next, each sealed.
fn certificates(shared: &Shared) -> Said {
    let keys = &shared.keys;
    let sealed = [&keys.platform, &keys.next_platform].map(|platform| {
        let nonce = link::nonce(6).ok()?;
        let sealed = keys.api_key.seal(platform.certificate_pem.as_bytes(), &nonce, "certificate")?;
        Some(json!({
            "serial_no": platform.serial, "effective_time": "2026-01-01T00:00:00+08:00",
            "expire_time": "2030-12-31T00:00:00+08:00", "encrypt_certificate": sealed,
        }))
    });
    match sealed {
        [Some(now), Some(next)] => (200, json!({ "data": [now, next] })),
        _ => refused(500, "SYSTEM_ERROR"),
    }
}
