//! Answers are what the OpenAPI description says, whatever is sent: schemathesis draws the requests. Chosen by `BOOTH_API_RIG=1`;
//! `tools/setup test` installs it. `BOOTH_API_EXAMPLES` says how many requests of each sort.

use crate::bench::Bench;
use crate::s3::installed;
use std::time::Duration;
use tokio::process::Command;

/// Drawn requests soon look like two machines with one key; the booth is active again at once.
async fn forgive(bench: &Bench) {
    let client = bench.central.pool.get().await.unwrap();
    loop {
        client
            .batch_execute("UPDATE devices SET state = 'active' WHERE state = 'forked'; UPDATE device_health SET returns = 0 WHERE returns > 0")
            .await
            .unwrap();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_one_of_the_description() {
    if std::env::var_os("BOOTH_API_RIG").is_none() {
        return;
    }
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let examples = std::env::var("BOOTH_API_EXAMPLES").unwrap_or_else(|_| "40".into());
    let folder = tempfile::tempdir().unwrap();
    let description = folder.path().join("openapi.json");
    std::fs::write(&description, central::api::description().unwrap()).unwrap();
    let mut program = Command::new(installed("schemathesis"));
    program.arg("run").arg(&description).args(["--url", &bench.url(""), "--no-color", "--workers", "1"]);
    program.args(["-H", &format!("Authorization: {}", booth.token())]);
    program.args(["--max-examples", &examples, "--phases", "examples,coverage,fuzzing"]);
    program.args(["--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance"]);
    program.args(["--generation-deterministic", "--continue-on-failure"]);
    // Central's own limit is 30 s: what takes it longer is told as a fault of the server, not as a lost connection.
    program.args(["--request-timeout", "60"]).env("PYTHONHASHSEED", "0");
    let done = tokio::select! {
        done = program.current_dir(folder.path()).kill_on_drop(true).output() => done.expect("schemathesis is installed: see tools/setup"),
        () = forgive(&bench) => unreachable!("forgiving has no end"),
    };
    let told = String::from_utf8_lossy(&done.stdout);
    println!("{told}");
    assert!(done.status.success(), "{told}\n{}", String::from_utf8_lossy(&done.stderr));
}
