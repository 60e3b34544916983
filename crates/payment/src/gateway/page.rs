//! What a payer's phone sees behind a code: the amount, one button, and that no money moves.

use super::{
    PayRefusal, Shared,
    alipay::yuan_text,
    server::{Answer, text},
};
use crate::Provider;
use http::{HeaderValue, Method, StatusCode};
use std::sync::Arc;

pub(super) fn answer(shared: &Arc<Shared>, method: &Method, token: &str) -> Answer {
    let known = shared.books.lock().by_token(token).map(|(provider, number, trade)| {
        (provider, number.to_owned(), trade.terms.amount, trade.terms.description.clone())
    });
    let Some((provider, number, amount, description)) = known else {
        return page(StatusCode::NOT_FOUND, "<p class=s>没有这笔订单 / No such order</p>");
    };
    let order = format!(
        "<p>{}</p><p>{}</p><p class=a>¥ {}</p>",
        match provider {
            Provider::WechatPay => "微信支付 / WeChat Pay",
            Provider::Alipay => "支付宝 / Alipay",
        },
        escaped(&description),
        yuan_text(amount)
    );
    match *method {
        Method::GET => {
            shared.change(|books| books.scan(token));
            let button = "<form method=post><button>支付 / Pay</button></form>";
            page(StatusCode::OK, &format!("{order}{button}"))
        }
        Method::POST => {
            let (status, outcome) = match shared.pay(provider, &number, None, false) {
                Ok(()) => (StatusCode::OK, "已支付 / Paid"),
                Err(PayRefusal::Paid) => (StatusCode::CONFLICT, "已经支付过 / Paid already"),
                Err(PayRefusal::Closed | PayRefusal::NotFound) => {
                    (StatusCode::GONE, "订单已关闭 / Order closed")
                }
            };
            page(status, &format!("{order}<p class=s>{outcome}</p>"))
        }
        _ => page(StatusCode::METHOD_NOT_ALLOWED, ""),
    }
}

fn page(status: StatusCode, content: &str) -> Answer {
    let style = "body{font:1.2em sans-serif;text-align:center;margin:2em 1em}.d{background:#fd6;padding:.8em}\
        .a{font-size:2em}.s{font-weight:bold}button{font-size:1.2em;padding:.8em 2em}";
    let html = format!(
        "<!doctype html><html lang=zh><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>演示 / Demonstration</title><style>{style}</style>\
         <p class=d>演示，不会扣款<br>Demonstration: no money moves</p>{content}</html>\n"
    );
    let mut answer = text(status, "text/html; charset=utf-8", html);
    let headers = answer.headers_mut();
    headers.insert("cache-control", HeaderValue::from_static("no-store"));
    headers.insert(
        "content-security-policy",
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"),
    );
    answer
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
        out
    })
}
