//! What `central check` tells the technician.

use crate::bench::Bench;
use central::{merchants, seal::SealingKey};
use payment::Provider;
use std::path::Path;
use std::process::{Command, Output};

/// A certificate that ends after so many days.
fn certificate(folder: &Path, days: i64) {
    let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let until = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days + 1);
    let until = until.to_zoned(jiff::tz::TimeZone::UTC);
    let day = |at: i8| u8::try_from(at).unwrap();
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(until.year().into(), day(until.month()), day(until.day()));
    let pair = rcgen::KeyPair::generate().unwrap();
    std::fs::write(folder.join("tls.crt"), params.self_signed(&pair).unwrap().pem()).unwrap();
    std::fs::write(folder.join("tls.key"), pair.serialize_pem()).unwrap();
}

/// `central check` over the bench's settings, with a certificate of its own.
fn check(bench: &Bench) -> Output {
    let folder = &bench.central.settings.server.data;
    let text = std::fs::read_to_string(folder.join("central.toml")).unwrap();
    let config = folder.join("check.toml");
    std::fs::write(&config, text.replace("tls = \"proxy\"", "tls = \"own\"")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
    command.arg("--config").arg(config).arg("check").output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.clone(), output.stderr.clone()].concat()).into_owned()
}

#[tokio::test]
async fn a_check_tells_when_the_certificate_ends() {
    let bench = Bench::new().await;
    let folder = &bench.central.settings.server.data;
    for (days, is_good, says) in [(60, true, "good until"), (7, true, "WARNING"), (-2, false, "ended")] {
        certificate(folder, days);
        let output = check(&bench);
        assert_eq!(output.status.success(), is_good, "{days}: {}", told(&output));
        assert!(told(&output).contains(says), "{days}: {}", told(&output));
    }
}

#[tokio::test]
async fn a_check_opens_every_merchants_account() {
    let bench = Bench::new().await;
    let folder = &bench.central.settings.server.data;
    std::fs::create_dir(folder.join("gateway")).unwrap();
    let address = "127.0.0.1:0".parse().unwrap();
    let _gateway = central::demo::start(&folder.join("gateway"), address, None, None).await.unwrap();
    let file = std::fs::read_to_string(folder.join("gateway/wechat_pay.toml")).unwrap();
    merchants::keep(&bench.central, bench.campus, Provider::WechatPay, &file).await.unwrap();
    let output = check(&bench);
    assert!(output.status.success(), "{}", told(&output));
    assert!(told(&output).contains("account main wechat_pay: can be opened"), "{}", told(&output));

    let key = folder.join("other.key");
    std::fs::write(&key, "6b".repeat(32)).unwrap();
    let sealed = SealingKey::load(&key).unwrap().seal("merchant", file.as_bytes()).unwrap();
    let client = bench.central.pool.get().await.unwrap();
    let sql = "INSERT INTO merchants (campus_id, provider, sealed, demonstration, changed_ms) VALUES ($1, 'alipay', $2, true, 1)";
    client.execute(sql, &[&bench.campus, &sealed]).await.unwrap();
    let output = check(&bench);
    assert!(!output.status.success(), "{}", told(&output));
    assert!(told(&output).contains("accounts that can't be used: 1"), "{}", told(&output));
    assert!(told(&output).contains("account main wechat_pay: can be opened"), "the others are looked at");
}
