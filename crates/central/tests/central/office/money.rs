//! Payments, refunds, differences; and the students who haven't come.

use super::office;
use crate::bench::json;
use central::office::Role;
use protocol::directory::{Item, Page};
use reqwest::StatusCode;

#[tokio::test]
async fn a_paid_trade_is_refunded_once() {
    let bench = office().await;
    let booth = bench.booth("library").await;
    for (number, state, received) in
        [("trade0001", "paid", "2500"), ("trade0002", "open", "NULL"), ("trade0003", "wrong_amount", "1")]
    {
        bench
            .run(&format!(
                "INSERT INTO trades (campus_id, number, provider, device_id, order_id, amount_fen, description, state, opened_ms, expires_ms,
                 received_fen, paid_ms) VALUES ('{}', '{number}', 'wechat_pay', '{}', '{}', 2500, 'x', '{state}', 1790000000000, 2, {received},
                 CASE WHEN {received} IS NULL THEN NULL ELSE 1790000000000 END)",
                bench.campus, booth.device, booth.device
            ))
            .await;
    }
    let mut cashier = bench.staff("cashier", Role::Cashier).await;
    let page = cashier.get("/office/payments?from=2026-09-01").await.text();
    assert_eq!(
        page.matches("/office/payments/refund?trade=").count(),
        2,
        "only what was paid can be refunded, be it a wrong amount"
    );
    assert!(page.contains("Wrong amount"), "{page}");
    let page = cashier.get("/office/payments/refund?trade=trade0001").await.text();
    assert!(page.contains("25.00") && page.contains("Confirm the refund"), "{page}");
    let (mut one, mut two) = (cashier.clone(), cashier.clone());
    let (one, two) = tokio::join!(
        one.post("/office/payments/refund", &[("trade", "trade0001")]),
        two.post("/office/payments/refund", &[("trade", "trade0001")])
    );
    let mut both = [one.status, two.status];
    both.sort();
    assert_eq!(both, [StatusCode::SEE_OTHER, StatusCode::CONFLICT], "asked for twice, wanted once");
    for (other, status) in [
        ("trade0002", StatusCode::CONFLICT),
        ("trade0003", StatusCode::SEE_OTHER),
        ("trade0003", StatusCode::CONFLICT),
    ] {
        let page = cashier.post("/office/payments/refund", &[("trade", other)]).await;
        assert_eq!(page.status, status, "{other}");
    }
    let back = "SELECT count(*) FROM refunds WHERE trade_number = 'trade0003' AND amount_fen = 1 AND state = 'wanted'";
    assert_eq!(bench.number(back, &[]).await, 1, "what came goes back, not what was due");
    let wanted = "SELECT count(*) FROM refunds WHERE state = 'wanted' AND asked_by = 'cashier' AND amount_fen = 2500 AND look_ms IS NOT NULL";
    assert_eq!(bench.number(wanted, &[]).await, 1);
    assert_eq!(bench.number("SELECT count(*) FROM trades WHERE state = 'refunding'", &[]).await, 2);
    assert_eq!(bench.number("SELECT count(*) FROM audit WHERE action = 'refund_asked'", &[]).await, 2);
}

#[tokio::test]
async fn a_refund_that_failed_is_tried_again_or_settled_by_hand() {
    let bench = office().await;
    let booth = bench.booth("library").await;
    let other = bench.booth("gate").await;
    let (campus, device) = (bench.campus, booth.device);
    for n in [1, 2] {
        let (payment, order) = (crate::batches::id(n), crate::batches::id(10 + n));
        let number = payment.simple();
        bench
            .run(&format!(
                "INSERT INTO trades (campus_id, number, provider, device_id, order_id, amount_fen, description, state, opened_ms, expires_ms,
                 received_fen, paid_ms) VALUES ('{campus}', '{number}', 'alipay', '{device}', '{order}', 2500, 'x', 'refunding', 1, 2, 2500, 1);
                 INSERT INTO payments (campus_id, id, order_id, device_id, means, amount_fen, settled_ms)
                 VALUES ('{campus}', '{payment}', '{order}', '{device}', 'alipay', 2500, 1);
                 INSERT INTO refunds (campus_id, number, trade_number, amount_fen, cause, state, asked_by, asked_ms, fault, refusals)
                 VALUES ('{campus}', '{number}', '{number}', 2500, 'late', 'failed', 'central', 1, 'NOT_ENOUGH', 78)"
            ))
            .await;
    }
    let [one, two] = [1, 2].map(|n| crate::batches::id(n).simple().to_string());
    let mut viewer = bench.staff("viewer", Role::Viewer).await;
    let page = viewer.get("/office/payments").await.text();
    assert!(page.contains("NOT_ENOUGH") && !page.contains("/office/payments/refund/again"), "{page}");
    let noted = |number: &str| [("refund", number.to_owned()), ("note", "现金退还".to_owned())];
    let by_hand = noted(&two);
    let by_hand: Vec<(&str, &str)> = by_hand.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for (path, fields) in
        [("/office/payments/refund/again", &by_hand[..1]), ("/office/payments/refund/by-hand", &by_hand[..])]
    {
        assert_eq!(viewer.post(path, fields).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let mut cashier = bench.staff("cashier", Role::Cashier).await;
    let page = cashier.get("/office/payments").await.text();
    assert_eq!(page.matches("action=\"/office/payments/refund/again\"").count(), 2, "{page}");

    let again = [("refund", one.as_str())];
    for expected in [StatusCode::SEE_OTHER, StatusCode::NOT_FOUND] {
        assert_eq!(cashier.post("/office/payments/refund/again", &again).await.status, expected, "once");
    }
    let wanted = "SELECT count(*) FROM refunds WHERE number = $1 AND state = 'wanted' AND refusals = 0 AND look_ms IS NOT NULL";
    assert_eq!(bench.number(wanted, &[&one]).await, 1);
    // A notification of the failure before comes once more: it takes back nothing.
    let status = payment::RefundStatus::Failed { code: payment::RefusalCode::parse("ABNORMAL").unwrap() };
    central::trades::refund_told(&bench.central, campus, &one, &status).await.unwrap();
    assert_eq!(bench.number(wanted, &[&one]).await, 1, "it is still asked for");

    let page = cashier.post("/office/payments/refund/by-hand", &by_hand[..1]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "without a note");
    assert!(page.text().contains("id=\"note-fault\""), "{}", page.text());
    for expected in [StatusCode::SEE_OTHER, StatusCode::NOT_FOUND] {
        let page = cashier.post("/office/payments/refund/by-hand", &by_hand).await;
        assert_eq!(page.status, expected, "once");
    }
    let done = "SELECT count(*) FROM refunds r JOIN trades t ON t.number = r.trade_number JOIN payments p ON p.id = t.number::uuid
                WHERE r.number = $1 AND r.state = 'by_hand' AND r.note = '现金退还' AND r.settled_by = 'cashier' AND t.state = 'refunded'
                AND p.refunded_ms IS NOT NULL";
    assert_eq!(bench.number(done, &[&two]).await, 1);
    for booth in [&booth, &other] {
        let page: Page = json(bench.get(booth, "/v1/directory").await).await;
        let told = page
            .entries
            .iter()
            .any(|entry| matches!(&entry.item, Item::Refund(refund) if refund.number == two && refund.done));
        assert!(told, "{page:?}");
    }
    // What the provider says of the other one is still heard; of this one nothing changes any more.
    for number in [&one, &two] {
        let status = payment::RefundStatus::Done { at: None };
        central::trades::refund_told(&bench.central, campus, number, &status).await.unwrap();
    }
    let states = "SELECT count(*) FROM refunds WHERE number = $1 AND state = 'done' OR number = $2 AND state = 'by_hand'";
    assert_eq!(bench.number(states, &[&one, &two]).await, 2);
    let deeds = "SELECT count(*) FROM audit WHERE actor = 'cashier' AND (action = 'refund_tried_again' AND subject = $1
                 OR action = 'refund_by_hand' AND subject = $2 AND detail = '现金退还')";
    assert_eq!(bench.number(deeds, &[&one, &two]).await, 2);
    assert!(!cashier.get("/office/payments").await.text().contains("/office/payments/refund/by-hand"));
}

#[tokio::test]
async fn a_difference_is_settled_with_a_note() {
    let bench = office().await;
    let campus = bench.campus;
    bench
        .run(&format!(
            "INSERT INTO bills (campus_id, provider, day, state, wanted_ms) VALUES ('{campus}', 'alipay', '2026-09-21', 'differs', 1);
             INSERT INTO bill_differences (campus_id, provider, day, number, sort, of_refund, there_fen)
             VALUES ('{campus}', 'alipay', '2026-09-21', 'trade0009', 'only_there', false, 100)"
        ))
        .await;
    let mut cashier = bench.staff("cashier", Role::Cashier).await;
    let fields = [
        ("provider", "alipay"),
        ("day", "2026-09-21"),
        ("number", "trade0009"),
        ("of_refund", "false"),
        ("sort", "only_there"),
    ];
    let page = cashier.post("/office/payments/difference", &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "without a note");
    let noted: Vec<_> = fields.into_iter().chain([("note", "客户已联系")]).collect();
    assert_eq!(cashier.post("/office/payments/difference", &noted).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        cashier.post("/office/payments/difference", &noted).await.status,
        StatusCode::NOT_FOUND,
        "once"
    );
    assert!(cashier.get("/office/payments").await.text().contains("No difference is open"));
}

#[tokio::test]
async fn payments_are_summed_by_chinas_day() {
    let bench = office().await;
    let booth = bench.booth("library").await;
    bench.photos(&booth, 1, 3).await;
    // A minute before midnight in China, and at midnight.
    for (n, ms) in [(1, 1_789_919_940_000_i64), (2, 1_789_920_000_000)] {
        let id = crate::batches::id(1_000_000 + n);
        bench.run(&format!("UPDATE payments SET settled_ms = {ms} WHERE id = '{id}'")).await;
    }
    bench.run("UPDATE payments SET refunded_ms = settled_ms WHERE settled_ms = 1790000000000").await;
    let mut viewer = bench.staff("viewer", Role::Viewer).await;
    let page = viewer.get("/office/payments?from=2026-09-20&to=2026-09-21").await.text();
    assert!(
        page.contains("<th scope=\"row\" class=\"t\">2026-09-20</th>")
            && page.contains("<th scope=\"row\" class=\"t\">2026-09-21</th>"),
        "{page}"
    );
    assert!(page.contains("75.00"), "the total: {page}");
    let page = viewer.get("/office/payments.csv?from=2026-09-21&to=2026-09-21").await;
    let text = page.text();
    assert_eq!(page.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(text.lines().count(), 3, "a head and two: {text}");
    assert!(text.contains("038 0000003") && text.contains("library"), "{text}");
}

#[tokio::test]
async fn whoever_has_not_come_is_named() {
    let bench = office().await;
    bench.photos(&bench.booth("library").await, 1, 3).await;
    for n in 1..=5 {
        let college = if n % 2 == 0 { "文学院" } else { "=理学院" };
        bench
            .run(&format!(
                "INSERT INTO roster (campus_id, list, document_kind, document_number, name, student_number, college, major, class_name, year, position)
                 VALUES ('{}', 'degree', 'passport', 'E{n:08}', '学生{n}', '002026{n}', '{college}', '', '', 2026, {n})",
                bench.campus
            ))
            .await;
    }
    bench
        .run(&format!(
            "UPDATE collections SET state = 'rejected', decided_ms = 1 WHERE photo_id = '{}'",
            super::photo_id(2)
        ))
        .await;
    let mut reviewer = bench.staff("reviewer", Role::Reviewer).await;
    let csv = reviewer.get("/office/missing/missing.csv?list=degree").await.text();
    let missing: Vec<_> =
        csv.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect();
    assert_eq!(missing, ["0020265", "0020262", "0020264"], "rejected and absent ones: {csv}");
    assert!(csv.contains("'=理学院"), "no formula: {csv}");
    let page = reviewer.get("/office/missing?list=degree").await.text();
    let flat: String = page.split_whitespace().collect();
    assert!(flat.contains("<tdclass=\"n\">5</td><tdclass=\"n\">2</td><tdclass=\"n\">3</td>"), "{page}");
    assert_eq!(reviewer.get("/office/missing/missing.csv?list=freshman").await.text().lines().count(), 1);
    let book = reviewer.get("/office/missing/missing.xlsx?list=degree").await;
    assert!(book.bytes.starts_with(b"PK"));
    assert_eq!(reviewer.get("/office/missing/missing.exe").await.status, StatusCode::NOT_FOUND);
}
