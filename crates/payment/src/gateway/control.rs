//! What a test asks of the stand-in over HTTP, where the settings allow it.
//!
//! `POST /control/pay` `{provider, number, amount?, even_if_closed?}`; `POST /control/fault` `{provider, fault, times}`;
//! `POST /control/bill` `{provider, number, amount?}`; `POST /control/notify` `{provider, number, times}`;
//! `GET /control/trades`. Amounts are fen, providers `wechat_pay` and `alipay`.

use super::{
    Fault, Shared, notify,
    server::{Answer, text},
};
use crate::{OutTradeNumber, Provider};
use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    provider: String,
    #[serde(default)]
    number: String,
    amount: Option<u64>,
    #[serde(default)]
    even_if_closed: bool,
    fault: Option<Fault>,
    times: Option<u32>,
}

pub(super) fn answer(shared: &Arc<Shared>, method: &Method, what: &str, body: &[u8]) -> Answer {
    if (method, what) == (&Method::GET, "trades") {
        return reply(StatusCode::OK, trades(shared));
    }
    let wish = serde_json::from_slice::<Wish>(body).ok().filter(|_| method == Method::POST);
    let parsed = wish.and_then(|wish| Some((Provider::parse(&wish.provider)?, wish)));
    let Some((provider, wish)) = parsed else {
        return reply(StatusCode::BAD_REQUEST, json!({ "error": "no such wish" }));
    };
    match done(shared, provider, what, &wish) {
        Ok(()) => reply(StatusCode::OK, json!({})),
        Err(error) => reply(StatusCode::CONFLICT, json!({ "error": error })),
    }
}

fn done(shared: &Arc<Shared>, provider: Provider, what: &str, wish: &Wish) -> Result<(), String> {
    let times = wish.times.unwrap_or(1);
    if let ("fault", Some(fault)) = (what, wish.fault) {
        shared.faults.lock().plan(provider, fault, times);
        return Ok(());
    }
    let number = OutTradeNumber::parse(&wish.number).map_err(|error| error.to_string())?;
    match what {
        "pay" => shared
            .pay(provider, number.as_str(), wish.amount, wish.even_if_closed)
            .map_err(|refusal| refusal.to_string()),
        "bill" => {
            shared.change(|books| books.plant(provider, number.as_str(), wish.amount));
            Ok(())
        }
        "notify" => {
            notify::paid(shared, provider, number.as_str(), times.min(100));
            Ok(())
        }
        _ => Err("no such wish".to_owned()),
    }
}

fn trades(shared: &Shared) -> Value {
    let books = shared.books.lock();
    let of = |provider| {
        let trades = books.trades(provider).iter();
        trades.map(|(number, trade)| json!({ "number": number, "trade": trade })).collect::<Value>()
    };
    json!({ "wechat_pay": of(Provider::WechatPay), "alipay": of(Provider::Alipay) })
}

fn reply(status: StatusCode, said: Value) -> Answer {
    text(status, "application/json", said.to_string())
}
