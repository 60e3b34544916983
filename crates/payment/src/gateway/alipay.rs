//! The stand-in's Alipay.

use super::{
    Fault, Shared, bills,
    books::{CloseRefusal, OpenRefusal, Refund, RefundRefusal, Terms, Trade},
    keys::APP_ID,
    notify,
    server::{Answer, Asked, text},
    wechat::{broken, hung},
};
use crate::{
    OutRefundNumber, OutTradeNumber, Provider,
    alipay::{decode_form, sign::request_text},
    china_time, link, yuan,
};
use domain::{Fen, UtcMillis};
use http::StatusCode;
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};

const ALIPAY: Provider = Provider::Alipay;

pub(super) async fn answer(shared: &Arc<Shared>, asked: &Asked) -> Answer {
    let fault = shared.faults.lock().take(ALIPAY);
    match fault {
        Some(Fault::HangBefore) => return hung(shared).await,
        Some(Fault::ServerErrorBefore) => return broken(),
        _ => {}
    }
    let fields = fields(asked).unwrap_or_default();
    let method = fields.get("method").cloned().unwrap_or_default();
    let mut said = if is_signed(shared, &fields) {
        judge(shared, &method, &fields)
    } else {
        refused("40002", "isv.invalid-signature")
    };
    Fault::twist(fault, &mut said);
    match fault {
        Some(Fault::HangAfter) => hung(shared).await,
        Some(Fault::ServerErrorAfter) => broken(),
        _ => signed(shared, &method, &said, fault),
    }
}

/// The fields of query and body; `None` if one comes twice.
fn fields(asked: &Asked) -> Option<BTreeMap<String, String>> {
    let mut fields = decode_form(asked.query.as_bytes())?;
    for (name, value) in decode_form(&asked.body)? {
        if fields.insert(name, value).is_some() {
            return None;
        }
    }
    Some(fields)
}

fn is_signed(shared: &Shared, fields: &BTreeMap<String, String>) -> bool {
    let text = request_text(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let is = |name: &str, value: &str| fields.get(name).is_some_and(|found| found == value);
    let known = is("app_id", APP_ID) && is("sign_type", "RSA2") && is("charset", "utf-8");
    known && fields.get("sign").is_some_and(|sign| shared.keys.app.verifies(text.as_bytes(), sign))
}

/// Writes slashes as the real one does, so that only the raw bytes verify.
fn signed(shared: &Shared, method: &str, said: &Value, fault: Option<Fault>) -> Answer {
    let mut node = said.to_string().replace('/', "\\/");
    if fault == Some(Fault::Rubbish) {
        node = "[\"not an answer\"]".to_owned();
    }
    let key = if fault == Some(Fault::WrongKey) { &shared.keys.stranger } else { &shared.keys.alipay };
    let signature = key.sign(node.as_bytes()).unwrap_or_default();
    if fault == Some(Fault::Altered) {
        node = node.replacen("\"code\":", "\"code\": ", 1);
    }
    let name = format!("{}_response", method.replace('.', "_"));
    let body = match fault {
        Some(Fault::Unsigned) => format!("{{\"{name}\":{node}}}"),
        _ => format!("{{\"{name}\":{node},\"sign\":\"{signature}\"}}"),
    };
    text(StatusCode::OK, "text/html;charset=utf-8", body)
}

pub(super) fn refused(code: &str, sub_code: &str) -> Value {
    json!({ "code": code, "msg": "Business Failed", "sub_code": sub_code, "sub_msg": "A demonstration refuses this." })
}

/// A success with the members of `more`.
pub(super) fn success(mut more: Value) -> Value {
    more["code"] = "10000".into();
    more["msg"] = "Success".into();
    more
}

fn judge(shared: &Arc<Shared>, method: &str, fields: &BTreeMap<String, String>) -> Value {
    let content = fields.get("biz_content").and_then(|text| serde_json::from_str::<Value>(text).ok());
    let Some(content) = content else { return refused("40004", "ACQ.INVALID_PARAMETER") };
    let number = word(&content, "out_trade_no");
    let notify_url = fields.get("notify_url").cloned().unwrap_or_default();
    match method {
        "alipay.trade.precreate" => precreate(shared, &content, notify_url),
        "alipay.trade.query" => query(shared, number),
        "alipay.trade.close" => close(shared, number),
        "alipay.trade.cancel" => cancel(shared, number),
        "alipay.trade.refund" => refund(shared, &content),
        "alipay.trade.fastpay.refund.query" => query_refund(shared, number, word(&content, "out_request_no")),
        "alipay.data.dataservice.bill.downloadurl.query" => {
            bills::alipay_place(shared, word(&content, "bill_date"))
        }
        _ => refused("40004", "isv.invalid-method"),
    }
}

fn word<'a>(content: &'a Value, name: &str) -> &'a str {
    content.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn precreate(shared: &Arc<Shared>, content: &Value, notify_url: String) -> Value {
    let now = shared.now();
    let number = word(content, "out_trade_no").to_owned();
    let amount = yuan::parse(word(content, "total_amount")).ok().filter(|amount| *amount > Fen::ZERO);
    let expires = match word(content, "time_expire") {
        "" => Some(now.plus_ms(7_200_000)),
        time => china_time::parse_civil(time),
    };
    let (Some(amount), Some(expires), Ok(_), Ok(token)) =
        (amount, expires, OutTradeNumber::parse(&number), link::nonce(16))
    else {
        return refused("40004", "ACQ.INVALID_PARAMETER");
    };
    let terms = Terms { amount: amount.fen(), description: word(content, "subject").to_owned(), notify_url };
    match shared.change(|books| books.open(ALIPAY, &number, terms, expires.0, token, now)) {
        Ok(trade) => {
            shared.pay_later(ALIPAY, number.clone());
            let code = format!("{}/pay/{}", shared.public_url(), trade.token);
            success(json!({ "out_trade_no": number, "qr_code": code }))
        }
        Err(OpenRefusal::Paid) => refused("40004", "ACQ.TRADE_HAS_SUCCESS"),
        Err(OpenRefusal::Closed) => refused("40004", "ACQ.TRADE_HAS_CLOSE"),
        Err(OpenRefusal::OtherTerms) => refused("40004", "ACQ.CONTEXT_INCONSISTENT"),
    }
}

fn query(shared: &Shared, number: &str) -> Value {
    let books = shared.books.lock();
    match books.trades(ALIPAY).get(number).filter(|trade| trade.scanned) {
        Some(trade) => success(told(number, trade, shared.now())),
        None => refused("40004", "ACQ.TRADE_NOT_EXIST"),
    }
}

fn told(number: &str, trade: &Trade, now: UtcMillis) -> Value {
    let amount = trade.paid.as_ref().map_or(trade.terms.amount, |paid| paid.amount);
    let mut told = json!({
        "out_trade_no": number, "trade_status": status(trade, now), "total_amount": yuan_text(amount),
        "trade_no": format!("2026{}", trade.opened_ms), "buyer_logon_id": "dem***@example.com",
    });
    if let Some(paid) = &trade.paid {
        told["trade_no"] = paid.transaction.clone().into();
        told["send_pay_date"] = china_time::civil(UtcMillis(paid.at_ms)).into();
    }
    told
}

/// The word for where a trade stands; a whole refund closes it.
pub(super) fn status(trade: &Trade, now: UtcMillis) -> &'static str {
    match &trade.paid {
        Some(paid) if trade.refunded() == paid.amount => "TRADE_CLOSED",
        Some(_) => "TRADE_SUCCESS",
        None if trade.is_closed(ALIPAY, now) => "TRADE_CLOSED",
        None => "WAIT_BUYER_PAY",
    }
}

pub(super) fn yuan_text(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

fn close(shared: &Shared, number: &str) -> Value {
    let now = shared.now();
    match shared.change(|books| books.close(ALIPAY, number, now)) {
        Ok(()) => success(json!({ "out_trade_no": number })),
        Err(CloseRefusal::Paid | CloseRefusal::Closed) => refused("40004", "ACQ.TRADE_STATUS_ERROR"),
        Err(CloseRefusal::NotFound) => refused("40004", "ACQ.TRADE_NOT_EXIST"),
    }
}

/// Closes what was not paid, and gives back what was.
fn cancel(shared: &Arc<Shared>, number: &str) -> Value {
    let paid = shared.books.lock().trades(ALIPAY).get(number).and_then(|trade| trade.paid.clone());
    let Some(paid) = paid else {
        close(shared, number);
        return success(json!({ "out_trade_no": number, "retry_flag": "N", "action": "close" }));
    };
    let content = json!({
        "out_trade_no": number, "out_request_no": number, "refund_amount": yuan_text(paid.amount),
    });
    refund(shared, &content);
    success(json!({ "out_trade_no": number, "retry_flag": "N", "action": "refund" }))
}

fn refund(shared: &Arc<Shared>, content: &Value) -> Value {
    let (trade, number) = (word(content, "out_trade_no"), word(content, "out_request_no"));
    let amount = yuan::parse(word(content, "refund_amount")).ok();
    let Some(amount) = amount.filter(|_| OutRefundNumber::parse(number).is_ok()) else {
        return refused("40004", "ACQ.INVALID_PARAMETER");
    };
    let (now, takes) =
        (shared.now(), i64::try_from(shared.settings.refund_takes.as_millis()).unwrap_or(i64::MAX));
    let asked = Refund {
        number: number.to_owned(),
        amount: amount.fen(),
        notify_url: None,
        id: number.to_owned(),
        asked_ms: now.0,
        done_ms: now.plus_ms(takes).0,
    };
    let is_new = shared.books.lock().find_refund(ALIPAY, number).is_none();
    match shared.change(|books| books.refund(ALIPAY, trade, asked)) {
        Ok((known, refund)) => {
            notify::refunded(shared, ALIPAY, trade, &refund);
            success(json!({
                "out_trade_no": trade, "trade_no": known.paid.map(|paid| paid.transaction),
                "fund_change": if is_new { "Y" } else { "N" },
                "refund_fee": yuan_text(known.refunds.iter().map(|refund| refund.amount).sum()),
            }))
        }
        Err(RefundRefusal::NotFound) => refused("40004", "ACQ.TRADE_NOT_EXIST"),
        Err(RefundRefusal::NotPaid) => refused("40004", "ACQ.TRADE_STATUS_ERROR"),
        Err(RefundRefusal::OtherTerms) => refused("40004", "ACQ.DISCORDANT_REPEAT_REQUEST"),
        Err(RefundRefusal::TooMuch) => refused("40004", "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"),
    }
}

/// Without a status while nothing is given back.
fn query_refund(shared: &Shared, trade: &str, number: &str) -> Value {
    let books = shared.books.lock();
    let Some(known) = books.trades(ALIPAY).get(trade) else { return refused("40004", "ACQ.TRADE_NOT_EXIST") };
    let Some(refund) = known.refunds.iter().find(|refund| refund.number == number) else {
        return success(json!({}));
    };
    let mut told = json!({
        "out_trade_no": trade, "out_request_no": number, "refund_amount": yuan_text(refund.amount),
        "total_amount": yuan_text(known.terms.amount), "refund_status": "REFUND_PROCESSING",
    });
    if refund.done_ms <= shared.now().0 {
        told["refund_status"] = "REFUND_SUCCESS".into();
        told["gmt_refund_pay"] = china_time::civil(UtcMillis(refund.done_ms)).into();
    }
    success(told)
}
