//! Merchants' files.

use crate::bench::{Bench, keys_dir};
use payment::{AlipayMerchant, MerchantError, WechatMerchant};
use proptest::prelude::*;
use std::process::Command;

#[tokio::test]
async fn a_wrong_field_is_named_and_not_shown() {
    let bench = Bench::new().await;
    let (wechat, alipay) = bench.gateway.merchants(&bench.base);
    let field = |field| Err(MerchantError::Field { field });
    for (from, to, expect) in [
        ("mchid = \"1900000000\"", "mchid = \"19 00\"", field("mchid")),
        ("appid = ", "# appid = ", field("appid")),
        ("apiv3_key = \"", "apiv3_key = \"x", field("apiv3_key")),
        ("serial_no = \"", "serial_no = \"xyz", field("serial_no")),
        ("-----BEGIN PRIVATE KEY-----", "-----BEGIN NOTHING-----", field("private_key")),
        ("-----BEGIN CERTIFICATE-----", "-----BEGIN NOTHING-----", field("platform_keys")),
        ("base_url = \"http://127.0.0.1", "base_url = \"http://203.0.113.9", field("base_url")),
        ("mchid = ", "shop = \"x\"\nmchid = ", Err(MerchantError::Toml { line: 3 })),
    ] {
        assert_eq!(WechatMerchant::parse(&wechat.replacen(from, to, 1)).map(drop), expect, "{to}");
    }
    let other = alipay.replacen("app_id = \"2021", "app_id = \"20-21", 1);
    assert_eq!(AlipayMerchant::parse(&other).map(drop), field("app_id"));
    let secret =
        wechat.lines().find(|line| line.starts_with("apiv3_key")).unwrap().split('"').nth(1).unwrap();
    let broken = wechat.replacen(&format!("\"{secret}\""), secret, 1);
    let error = WechatMerchant::parse(&broken).unwrap_err();
    assert!(!format!("{error:?}{error}").contains(secret), "an error shows no secret");
    let shown = format!("{:?}{:?}", WechatMerchant::parse(&wechat), AlipayMerchant::parse(&alipay));
    assert_eq!(shown, "Ok(WechatMerchant(redacted))Ok(AlipayMerchant(redacted))", "nor does Debug");
}

#[tokio::test]
async fn a_stand_in_is_told_from_a_provider() {
    let bench = Bench::new().await;
    let (wechat, alipay) = bench.gateway.merchants(&bench.base);
    assert!(WechatMerchant::parse(&wechat).unwrap().is_demonstration());
    assert!(AlipayMerchant::parse(&alipay).unwrap().is_demonstration());
    let real = wechat.replace(&bench.base, "https://api.mch.weixin.qq.com");
    assert!(!WechatMerchant::parse(&real).unwrap().is_demonstration());
    let real = alipay.replace(&bench.base, "https://openapi.alipay.com");
    assert!(!AlipayMerchant::parse(&real).unwrap().is_demonstration());
    let sandbox = alipay.replace(&bench.base, "https://openapi-sandbox.dl.alipaydev.com");
    assert!(AlipayMerchant::parse(&sandbox).unwrap().is_demonstration(), "a sandbox moves no money either");
}

#[tokio::test]
async fn keys_come_in_every_usual_form() {
    let bench = Bench::new().await;
    let (_, file) = bench.gateway.merchants(&bench.base);
    let pkcs8 = std::fs::read_to_string(keys_dir().join("alipay-app.pem")).unwrap();
    let output = Command::new("openssl")
        .args(["rsa", "-traditional", "-in"])
        .arg(keys_dir().join("alipay-app.pem"))
        .output()
        .unwrap();
    let pkcs1 = String::from_utf8(output.stdout).unwrap();
    assert!(pkcs1.starts_with("-----BEGIN RSA PRIVATE KEY-----"), "the older form");
    let bare = |pem: &str| pem.lines().filter(|line| !line.starts_with('-')).collect::<String>();
    for form in [pkcs1.clone(), bare(&pkcs8), bare(&pkcs1)] {
        AlipayMerchant::parse(&file.replace(&pkcs8, &form)).unwrap();
    }
    let public = std::fs::read_to_string(keys_dir().join("alipay-platform-public.pem")).unwrap();
    AlipayMerchant::parse(&file.replace(&public, &bare(&public))).unwrap();
}

proptest! {
    #[test]
    fn any_file_is_answered(text in any::<String>(), lines in "((appid|mchid|x) = (\"[a-z]{0,3}\"|1)\n){0,4}") {
        prop_assert!(WechatMerchant::parse(&text).is_err() && AlipayMerchant::parse(&text).is_err());
        prop_assert!(WechatMerchant::parse(&lines).is_err() && AlipayMerchant::parse(&lines).is_err());
    }
}
