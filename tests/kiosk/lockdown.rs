//! The window is a kiosk's: it goes nowhere else and can't be closed.

use crate::{TALL, in_window};
use end_to_end::booth_rig::BoothRig;

#[tokio::test]
async fn the_page_leaves_for_nowhere_and_opens_nothing() {
    let booth = BoothRig::new("auto").unwrap();
    in_window(&booth, TALL, async |window| {
        window.expect_step("welcome").await.unwrap();
        let script = "location.href = 'http://localhost:631/'; return window.open('http://127.0.0.1:9/') === null;";
        let refused = window.client.execute(script, vec![]).await.unwrap();
        assert_eq!(refused, serde_json::Value::Bool(true), "no second window");
        let foreign = "try { await window.__TAURI_INTERNALS__.invoke('plugin:window|close', { label: 'kiosk' }); \
            return 'closed'; } catch { return 'refused'; }";
        let script = format!("const done = arguments[0]; (async () => {{ {foreign} }})().then(done);");
        let answer = window.client.execute_async(&script, vec![]).await.unwrap();
        assert_eq!(answer, "refused", "only the kiosk's own commands are allowed");
        window.expect_step("welcome").await.unwrap();
        assert_eq!(window.client.current_url().await.unwrap().scheme(), "tauri", "still the booth's own page");
    })
    .await;
}
