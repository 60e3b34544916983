//! What keeps an instance within bounds: of time, of memory, and of what its log may say.

use crate::batches::{batch, envelope, id, order, photo};
use crate::bench::{Bench, json, refused};
use central::serve::{ServeError, serve_beside};
use central::{Failure, chain};
use metrics_exporter_prometheus::PrometheusBuilder;
use protocol::batch::BatchAnswer;
use protocol::blob::StoredBlob;
use protocol::{Code, Digest};
use reqwest::{Body, Method, StatusCode};
use std::time::{Duration, Instant};
use tokio_postgres::types::ToSql;

#[tokio::test]
async fn metrics_have_a_bounded_number_of_series_whatever_strangers_ask() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    // The server of the bench runs on this thread.
    let _collected = metrics::set_default_local_recorder(&recorder);
    let bench = Bench::new().await;
    for n in 0..20 {
        let method = Method::from_bytes(format!("INVENTED{n}").as_bytes()).unwrap();
        for path in [format!("/invented{n}"), format!("/v1/invented{n}"), format!("/notify/a{n}/b{n}")] {
            bench.http.request(method.clone(), bench.url(&path)).send().await.unwrap();
            bench.http.post(bench.url(&path)).send().await.unwrap();
        }
    }
    let text = handle.render();
    assert!(text.contains("method=\"other\"") && text.contains("method=\"POST\""), "{text}");
    assert!(!text.to_lowercase().contains("invented") && !text.contains("a19"), "{text}");
    assert!(text.lines().filter(|line| line.contains("method=")).count() < 12, "{text}");
}

#[tokio::test]
async fn the_log_shows_no_value_of_a_row_that_was_refused() {
    let bench = Bench::new().await;
    let client = bench.central.pool.get().await.unwrap();
    let device = bench.booth("library").await.device;
    let secret = ["测试甲乙", "E00000001", "2026000001", "13800000000"];
    let sql = "INSERT INTO collections (campus_id, photo_id, order_id, device_id, order_number, programme, name, document_kind, document_number,
                   student_number, phone, sha256, specification, measures, submitted_ms, received_ms, heard_ms, state, decided_ms)
               VALUES ($1, $2, $2, $3, '1', 'degree', $4, 'passport', $5, $6, $7, sha256('a'), 'degree', '[]', 1, 1, 1, 'submitted', 1)";
    let [name, document, student, phone] = secret;
    let photo = id(1);
    let given: [&(dyn ToSql + Sync); 7] =
        [&bench.campus, &photo, &device, &name, &document, &student, &phone];
    let failing_row = Failure::from(client.execute(sql, &given).await.unwrap_err());
    let no_number = Failure::from(client.query("SELECT $1::text::integer", &[&name]).await.unwrap_err());
    let no_json = Failure::Json(serde_json::from_str::<u64>("\"测试甲乙\"").unwrap_err());
    for (failure, expected) in
        [(failing_row, "23514"), (no_number, "22P02"), (no_json, "Data in JSON, line 1")]
    {
        let text = chain(&failure);
        assert!(text.contains(expected), "{text}");
        assert!(!secret.iter().any(|secret| text.contains(secret)), "{text}");
    }
    let unknown = Failure::from(client.query("SELECT * FROM nowhere", &[]).await.unwrap_err());
    assert!(chain(&unknown).contains("\"nowhere\" does not exist"), "what is wrong is still told");
}

#[tokio::test]
async fn a_photo_over_a_thin_line_arrives_although_it_takes_longer_than_a_request() {
    let bench = Bench::with(|settings| settings.server.request_s = 5).await;
    let (booth, photo) = (bench.booth("library").await, photo());
    let sha256 = central::sha256(&photo);
    let parts: Vec<_> = photo.chunks(photo.len() / 8).map(<[u8]>::to_vec).collect();
    let begun = Instant::now();
    let slowly = futures_util::stream::unfold(parts.into_iter(), |mut parts| async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Some((Ok::<_, std::io::Error>(parts.next()?), parts))
    });
    let request = bench.http.put(bench.url(&format!("/v1/blobs/{sha256}")));
    let answer = request.header("authorization", booth.token()).body(Body::wrap_stream(slowly)).send().await;
    let stored: StoredBlob = json(answer.unwrap()).await;
    assert_eq!(stored.sha256, sha256);
    assert!(begun.elapsed() > Duration::from_secs(8));
}

#[tokio::test]
async fn what_central_itself_is_too_slow_for_is_no_fault_of_the_booth() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let hasty = bench.beside_with(|settings| settings.server.request_s = 1);
    let mut client = bench.central.pool.get().await.unwrap();
    let tx = client.transaction().await.unwrap();
    tx.execute("SELECT FROM devices FOR UPDATE", &[]).await.unwrap();
    let [placed, ..] = order(1, &Digest([0; 32]));
    let body = serde_json::to_vec(&batch(1, vec![envelope(1, &placed)])).unwrap();
    let post = async || {
        let request = bench.http.post(format!("http://{hasty}/v1/events")).body(body.clone());
        request.header("authorization", booth.token()).send().await.unwrap()
    };
    assert_eq!(refused(post().await, StatusCode::SERVICE_UNAVAILABLE).await.code, Code::Unavailable);
    tx.rollback().await.unwrap();
    // A busy machine may be late once more; a booth asks again too.
    let mut answer = post().await;
    for _ in 0..20 {
        if answer.status() != StatusCode::SERVICE_UNAVAILABLE {
            break;
        }
        answer = post().await;
    }
    assert_eq!(json::<BatchAnswer>(answer).await.mark, 1);
}

#[tokio::test]
async fn no_statement_of_a_request_lasts_for_ever_and_migrations_may() {
    let bench = Bench::new().await;
    let bound = async || {
        let client = bench.central.pool.get().await.unwrap();
        let row = client.query_one("SELECT current_setting('statement_timeout')", &[]).await.unwrap();
        row.get::<_, String>(0)
    };
    assert_eq!(bound().await, "1min");
    central::database::migrate(&bench.central.pool).await.unwrap();
    assert_eq!(bound().await, "1min", "again");
}

#[tokio::test]
async fn what_no_text_can_hold_is_no_fault_of_central() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    for path in ["/notify/alipay/%00", "/notify/wechat_pay/a%00b", "/notify/%00/main", "/notify/alipay/MAIN"]
    {
        let answer = bench.http.post(bench.url(path)).send().await.unwrap();
        assert_eq!(refused(answer, StatusCode::NOT_FOUND).await.code, Code::NotFound, "{path}");
    }
    for path in ["/v1/payments/%00", "/v1/payments/abcdef%00"] {
        assert_eq!(bench.get(&booth, path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let no_utf8 =
        [(Method::GET, "payments/%FF"), (Method::PUT, "payments/a%C3/refund"), (Method::PUT, "blobs/%80")];
    for (method, path) in no_utf8 {
        let answer = bench.send(&booth, method, &format!("/v1/{path}"), &()).await;
        assert_eq!(refused(answer, StatusCode::NOT_FOUND).await.code, Code::InvalidRequest, "{path}");
    }
    for path in ["/notify/%FF/main", "/notify/alipay/%FF"] {
        let answer = bench.http.post(bench.url(path)).send().await.unwrap();
        assert_eq!(refused(answer, StatusCode::NOT_FOUND).await.code, Code::InvalidRequest, "{path}");
    }
    for page in ["language", "collections", "booths", "missing"] {
        for escape in ["%00", "%FF"] {
            let path = format!("/office/{page}/{escape}");
            let answer = bench.http.get(bench.url(&path)).send().await.unwrap();
            assert!(!answer.status().is_server_error(), "{path}");
            let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
            assert!(answer.status().is_redirection() || kind.starts_with("text/html"), "{path}: {kind}");
        }
    }
    let login = [("campus", "%00"), ("campus", "main%01"), ("campus", "main")];
    for (name, value) in login {
        let request = bench.http.post(bench.url("/office/login")).header("sec-fetch-site", "same-origin");
        let answer = request.body(format!("{name}={value}&login=a%01b&password=c")).send().await.unwrap();
        assert!(!answer.status().is_server_error(), "{value}");
    }
}

#[tokio::test]
async fn strangers_send_no_more_than_an_enrolment_needs() {
    let bench = Bench::new().await;
    let long = format!("{{\"code\":\"{}\"}}", "A".repeat(4096));
    let answer = bench.http.post(bench.url("/v1/enrolment")).body(long).send().await.unwrap();
    assert_eq!(refused(answer, StatusCode::PAYLOAD_TOO_LARGE).await.code, Code::TooLarge);
}

#[tokio::test]
async fn an_instance_ends_where_a_worker_beside_it_does() {
    let bench = Bench::new().await;
    let panics = tokio::spawn(async { panic!("a worker's fault") });
    let waits = tokio::spawn(std::future::pending());
    let ended = serve_beside(bench.central.clone(), vec![("trades", waits), ("retention", panics)]).await;
    let Err(ServeError::Worker { name: "retention", source: Some(_) }) = ended else { panic!("{ended:?}") };
}
