//! Every signature against another implementation: OpenSSL's command line, both ways.

use crate::bench::{Bench, Inbox, Letter, NOON, client_settings, keys_dir};
use base64::{Engine, prelude::BASE64_STANDARD};
use payment::{
    AlipayClient, AlipayMerchant, Client, Notification, NotificationError, Provider, TradeStatus,
    WechatClient, WechatMerchant, alipay::sign as alipay, rsa::PrivateKey, wechat::sign as wechat,
};
use std::{collections::BTreeMap, path::Path, process::Command};
use tempfile::TempDir;

fn openssl(arguments: &[&str], files: &[&Path]) -> (bool, Vec<u8>) {
    let output = Command::new("openssl").args(arguments).args(files).output().unwrap();
    (output.status.success(), output.stdout)
}

/// Whether OpenSSL takes `signature`, in base64, for that of `text` by the private key in the file `key`.
fn is_taken(key: &str, text: &[u8], signature: &str) -> bool {
    let dir = TempDir::new().unwrap();
    let (public, signed, said) = (dir.path().join("p"), dir.path().join("t"), dir.path().join("s"));
    let (_, pem) = openssl(&["pkey", "-pubout", "-in"], &[&keys_dir().join(key)]);
    std::fs::write(&public, pem).unwrap();
    std::fs::write(&signed, text).unwrap();
    std::fs::write(&said, BASE64_STANDARD.decode(signature).unwrap()).unwrap();
    let (public, said) = (public.to_str().unwrap(), said.to_str().unwrap());
    openssl(&["dgst", "-sha256", "-verify", public, "-signature", said], &[&signed]).0
}

/// OpenSSL's signature of `text`, in base64.
fn signed(key: &str, text: &[u8]) -> String {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("t");
    std::fs::write(&file, text).unwrap();
    let key = keys_dir().join(key);
    let (done, signature) = openssl(&["dgst", "-sha256", "-sign", key.to_str().unwrap()], &[&file]);
    assert!(done, "openssl signs");
    BASE64_STANDARD.encode(signature)
}

fn header<'a>(letter: &'a Letter, name: &str) -> &'a str {
    letter.headers[name].to_str().unwrap()
}

#[test]
fn both_sign_alike() {
    crate::bench::keys();
    let pem = std::fs::read_to_string(keys_dir().join("stranger.pem")).unwrap();
    let ours = PrivateKey::parse(&pem).unwrap();
    for text in ["", "GET\n/v3/certificates\n1554208460\n593BEC0C\n\n", "证件照"] {
        assert_eq!(
            ours.sign(text.as_bytes()).unwrap(),
            signed("stranger.pem", text.as_bytes()),
            "PKCS#1 v1.5 is one"
        );
        assert!(
            ours.public().verifies(text.as_bytes(), &signed("stranger.pem", text.as_bytes())),
            "openssl's, by ring"
        );
    }
}

#[tokio::test]
async fn openssl_takes_our_requests_to_wechat_pay() {
    let bench = Bench::new().await;
    let mut provider = Inbox::new().await;
    let (file, _) = bench.gateway.merchants(provider.url.trim_end_matches("/notify"));
    let client = WechatClient::new(WechatMerchant::parse(&file).unwrap(), client_settings()).unwrap();
    let trade = bench.trade("TRADE_01");
    assert!(client.open(&trade).await.is_err() && client.query(&trade.number, trade.amount).await.is_err());
    for _ in 0..2 {
        let letter = provider.next().await;
        let parts = header(&letter, "authorization").strip_prefix("WECHATPAY2-SHA256-RSA2048 ").unwrap();
        let part = |name: &str| parts.split(name).nth(1).unwrap().split('"').nth(1).unwrap();
        let text = format!(
            "{}\n{}\n{}\n{}\n{}\n",
            letter.method,
            letter.target,
            part("timestamp="),
            part("nonce_str="),
            String::from_utf8_lossy(&letter.body)
        );
        assert!(
            is_taken("wechat-merchant.pem", text.as_bytes(), part("signature=")),
            "{} is signed",
            letter.target
        );
        assert!(!is_taken("wechat-merchant.pem", b"else", part("signature=")), "and nothing else is");
    }
}

#[tokio::test]
async fn openssl_takes_our_requests_to_alipay() {
    let bench = Bench::new().await;
    let mut provider = Inbox::new().await;
    let (_, file) = bench.gateway.merchants(provider.url.trim_end_matches("/notify"));
    let client = AlipayClient::new(AlipayMerchant::parse(&file).unwrap(), client_settings()).unwrap();
    assert!(client.open(&bench.trade("TRADE_01")).await.is_err());
    let letter = provider.next().await;
    let form =
        format!("{}&{}", letter.target.split_once('?').unwrap().1, String::from_utf8_lossy(&letter.body));
    let mut fields = form_fields(&form);
    let signature = fields.remove("sign").unwrap();
    let text: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert!(is_taken("alipay-app.pem", text.join("&").as_bytes(), &signature), "{text:?}");
}

fn form_fields(form: &str) -> BTreeMap<String, String> {
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned();
    form.split('&').map(|pair| pair.split_once('=').unwrap()).map(|(a, b)| (decoded(a), decoded(b))).collect()
}

#[tokio::test]
async fn openssl_takes_the_gateways_answers() {
    let bench = Bench::new().await;
    let answer = reqwest::get(format!("{}/v3/certificates", bench.base)).await.unwrap();
    assert_eq!(answer.status(), 401, "an unsigned request is refused");
    let of = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    let (timestamp, nonce, signature) =
        (of("wechatpay-timestamp"), of("wechatpay-nonce"), of("wechatpay-signature"));
    let body = answer.text().await.unwrap();
    assert!(body.contains("SIGN_ERROR"), "{body}");
    let text = format!("{timestamp}\n{nonce}\n{body}\n");
    assert!(is_taken("wechat-platform.pem", text.as_bytes(), &signature), "WeChat Pay's answer");

    let url = format!("{}/gateway.do?method=alipay.trade.query", bench.base);
    let body = reqwest::Client::new().post(url).send().await.unwrap().text().await.unwrap();
    let node =
        body.strip_prefix("{\"alipay_trade_query_response\":").unwrap().split(",\"sign\":\"").next().unwrap();
    let signature = body.split("\"sign\":\"").nth(1).unwrap().trim_end_matches("\"}");
    assert!(node.contains("isv.invalid-signature"), "{body}");
    assert!(is_taken("alipay-platform.pem", node.as_bytes(), signature), "Alipay's answer");
}

#[tokio::test]
async fn we_take_what_openssl_signs() {
    let mut bench = Bench::new().await;
    for provider in Provider::ALL {
        let trade = bench.trade("TRADE_01");
        bench.client(provider).open(&trade).await.unwrap();
        bench.gateway.pay(provider, &trade.number, None, false).unwrap();
        let mut letter = bench.inbox.next().await;
        match provider {
            Provider::WechatPay => {
                let text = wechat::answer_text("1795320007", "another_nonce", &letter.body);
                let signature = signed("wechat-platform.pem", &text);
                for (name, value) in [
                    ("wechatpay-timestamp", "1795320007"),
                    ("wechatpay-nonce", "another_nonce"),
                    ("wechatpay-signature", &signature),
                ] {
                    letter.headers.insert(name, value.parse().unwrap());
                }
            }
            Provider::Alipay => {
                let form = String::from_utf8(letter.body.to_vec()).unwrap();
                let mut fields = form_fields(&form);
                fields.insert("subject".to_owned(), "by openssl".to_owned());
                let text = alipay::notification_text(fields.iter().map(|(a, b)| (a.as_str(), b.as_str())));
                let signature = signed("alipay-platform.pem", text.as_bytes());
                fields.insert("sign".to_owned(), signature);
                let encoded = |text: &str| {
                    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
                        .to_string()
                };
                letter.body = fields
                    .iter()
                    .map(|(a, b)| format!("{}={}", encoded(a), encoded(b)))
                    .collect::<Vec<_>>()
                    .join("&")
                    .into();
            }
        }
        let told = bench.client(provider).notification(&letter.headers, &letter.body, NOON);
        assert!(matches!(told, Ok(Notification::Paid(_))), "{provider:?}: {told:?}");
    }
}

/// A form for the gateway, signed by OpenSSL as the merchant.
fn alipay_request(method: &str, content: &str) -> String {
    let mut fields = BTreeMap::from([
        ("app_id", "2021000000000000"),
        ("method", method),
        ("charset", "utf-8"),
        ("sign_type", "RSA2"),
        ("biz_content", content),
    ]);
    let text = fields.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
    let signature = signed("alipay-app.pem", text.as_bytes());
    fields.insert("sign", &signature);
    let encoded = |text| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC);
    fields.iter().map(|(a, b)| format!("{}={}", encoded(a), encoded(b))).collect::<Vec<_>>().join("&")
}

#[tokio::test]
async fn the_gateway_takes_what_openssl_signs() {
    let bench = Bench::new().await;
    let (open, paid) = (bench.trade("TRADE_OPEN"), bench.trade("TRADE_PAID"));
    for trade in [&open, &paid] {
        reqwest::get(bench.alipay.open(trade).await.unwrap().code_url).await.unwrap();
    }
    bench.gateway.pay(Provider::Alipay, &paid.number, None, false).unwrap();
    let http = reqwest::Client::new();
    for (trade, action) in [(&open, "close"), (&paid, "refund")] {
        let form =
            alipay_request("alipay.trade.cancel", &format!("{{\"out_trade_no\":\"{}\"}}", trade.number));
        let answer = http.post(format!("{}/gateway.do", bench.base)).body(form).send().await.unwrap();
        let body = answer.text().await.unwrap();
        assert!(
            body.contains("\"code\":\"10000\"") && body.contains(&format!("\"action\":\"{action}\"")),
            "{body}"
        );
    }
    assert_eq!(
        bench.alipay.query(&open.number, open.amount).await.unwrap(),
        TradeStatus::Closed,
        "cancelled"
    );
    let status = bench.alipay.query(&paid.number, paid.amount).await.unwrap();
    assert!(matches!(status, TradeStatus::Refunded(_)), "what was paid went back: {status:?}");
}

#[tokio::test]
async fn a_signed_notification_for_somebody_else_is_refused() {
    let mut bench = Bench::new().await;
    let trade = bench.trade("TRADE_01");
    bench.alipay.open(&trade).await.unwrap();
    bench.gateway.pay(Provider::Alipay, &trade.number, None, false).unwrap();
    let letter = bench.inbox.next().await;
    let right = form_fields(std::str::from_utf8(&letter.body).unwrap());
    for (field, value) in [
        ("app_id", "2021000000000001"),
        ("seller_id", "2088000000000001"),
        ("total_amount", "15.001"),
        ("trade_no", ""),
        ("out_trade_no", "a-b"),
    ] {
        let mut fields = right.clone();
        fields.insert(field.to_owned(), value.to_owned());
        let text = alipay::notification_text(fields.iter().map(|(a, b)| (a.as_str(), b.as_str())));
        fields.insert("sign".to_owned(), signed("alipay-platform.pem", text.as_bytes()));
        let encoded = |text| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC);
        let pairs: Vec<_> = fields.iter().map(|(a, b)| format!("{}={}", encoded(a), encoded(b))).collect();
        let told = bench.alipay.notification(&letter.headers, pairs.join("&").as_bytes(), NOON);
        assert!(
            matches!(told, Err(NotificationError::Wrong { field: found }) if found == field),
            "{field}: {told:?}"
        );
    }
}

/// OpenSSL's command line has no GCM, but GCM's cipher is CTR from the counter 2 on (NIST SP 800-38D, 7.1): so the
/// text, the nonce and the place of the tag are checked, the tag itself is not.
#[tokio::test]
async fn openssl_reads_what_is_sealed() {
    let mut bench = Bench::new().await;
    let trade = bench.trade("TRADE_01");
    bench.wechat.open(&trade).await.unwrap();
    bench.gateway.pay(Provider::WechatPay, &trade.number, None, false).unwrap();
    let letter = bench.inbox.next().await;
    let body: serde_json::Value = serde_json::from_slice(&letter.body).unwrap();
    let of = |name: &str| body["resource"][name].as_str().unwrap().to_owned();
    let mut sealed = BASE64_STANDARD.decode(of("ciphertext")).unwrap();
    sealed.truncate(sealed.len() - 16);
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("c");
    std::fs::write(&file, sealed).unwrap();
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    let key = hex(std::fs::read_to_string(keys_dir().join("apiv3.txt")).unwrap().trim());
    let counter = format!("{}00000002", hex(&of("nonce")));
    let (_, text) = openssl(&["enc", "-d", "-aes-256-ctr", "-K", &key, "-iv", &counter, "-in"], &[&file]);
    let told: serde_json::Value = serde_json::from_slice(&text).expect("the text is JSON");
    assert_eq!(told["out_trade_no"], "TRADE_01");
}
