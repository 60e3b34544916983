//! The way in and out.

use super::{PASSWORD, Visitor, code, office, wrong_code};
use central::office::Role;
use reqwest::StatusCode;

#[tokio::test]
async fn the_first_log_in_sets_up_a_factor_and_a_password_and_the_second_uses_them() {
    let bench = office().await;
    let first = bench.user(bench.campus, "wang", Role::Viewer).await;
    let mut visitor = Visitor::new(bench.address);
    assert_eq!(visitor.get("/office").await.to, "/office/login");
    assert_eq!(visitor.password("main", "wang", &first).await.to, "/office/second-factor");
    assert_eq!(
        visitor.get("/office/collections").await.to,
        "/office/second-factor",
        "half a log-in opens nothing"
    );
    let (secret, used) = visitor.set_up_factor().await;
    assert_eq!(
        visitor.get("/office/collections").await.to,
        "/office/password",
        "nor does a handed-out password"
    );
    for (new, again) in [("short", "short"), (first.as_str(), first.as_str()), (PASSWORD, "another one")] {
        let page = visitor.post("/office/password", &[("old", &first), ("new", new), ("again", again)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{new}");
    }
    let page =
        visitor.post("/office/password", &[("old", &first), ("new", PASSWORD), ("again", PASSWORD)]).await;
    assert_eq!(page.to, "/office");
    assert_eq!(visitor.get("/office/collections").await.status, StatusCode::OK);

    let mut again = Visitor::new(bench.beside());
    assert_eq!(
        again.password("main", "wang", &first).await.status,
        StatusCode::FORBIDDEN,
        "the old one is over"
    );
    assert_eq!(again.password("main", "wang", PASSWORD).await.to, "/office/second-factor");
    assert_eq!(again.give_code(&used).await.status, StatusCode::FORBIDDEN, "a code is used once");
    assert_eq!(again.give_code(&code(&secret, 1)).await.to, "/office", "the next one is another");
    assert_eq!(again.get("/office/collections").await.status, StatusCode::OK, "at another instance");
    assert_eq!(again.post("/office/logout", &[]).await.to, "/office/login");
    assert_eq!(again.get("/office/collections").await.to, "/office/login");
    assert_eq!(visitor.get("/office/collections").await.status, StatusCode::OK, "the other session goes on");
}

#[tokio::test]
async fn what_was_wrong_is_not_told_and_wrong_tries_lock() {
    let bench = office().await;
    let first = bench.user(bench.campus, "li", Role::Viewer).await;
    let mut visitor = Visitor::new(bench.address);
    let mut texts = Vec::new();
    for (campus, login) in [("main", "li"), ("main", "nobody"), ("other", "li")] {
        let page = visitor.password(campus, login, "wrong password").await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        texts.push(
            page.text()
                .replace(&format!("value=\"{login}\""), "")
                .replace(&format!("value=\"{campus}\""), ""),
        );
    }
    assert!(texts.windows(2).all(|pair| pair[0] == pair[1]), "each page says the same");
    for _ in 0..4 {
        visitor.password("main", "li", "wrong password").await;
    }
    assert_eq!(visitor.password("main", "li", &first).await.status, StatusCode::FORBIDDEN, "locked");
    let told = "SELECT count(*) FROM audit WHERE action = 'locked' AND subject = 'li'";
    assert_eq!(bench.number(told, &[]).await, 1);
    bench.run("UPDATE users SET locked_until_ms = 1").await;
    assert_eq!(visitor.password("main", "li", &first).await.to, "/office/second-factor", "the lock ends");
}

#[tokio::test]
async fn guessed_codes_lock_although_the_password_is_known() {
    let bench = office().await;
    let (mut owner, secret) = bench.staff_with_factor("zhao", Role::Viewer).await;
    let mut thief = Visitor::new(bench.address);
    let mut locked = false;
    for guess in 0..6 {
        let page = thief.password("main", "zhao", PASSWORD).await;
        locked = page.status == StatusCode::FORBIDDEN;
        if locked {
            assert_eq!(guess, 5, "five wrong codes lock");
            break;
        }
        thief.give_code(&wrong_code(&secret)).await;
    }
    assert!(locked, "logging in again gives no further tries");
    assert_eq!(owner.get("/office/collections").await.status, StatusCode::OK);
}

#[tokio::test]
async fn many_tries_at_once_are_no_more_tries() {
    let bench = office().await;
    bench.user(bench.campus, "sun", Role::Viewer).await;
    let visitor = Visitor::new(bench.address);
    let tries = (0..20).map(|_| {
        let mut visitor = visitor.clone();
        async move { visitor.password("main", "sun", "wrong password").await.status }
    });
    futures_util::future::join_all(tries).await;
    assert_eq!(bench.number("SELECT wrong_tries::bigint FROM users WHERE login = 'sun'", &[]).await, 5);
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it() {
    let bench = office().await;
    let mut visitor = bench.staff("wu", Role::Viewer).await;
    bench.run("UPDATE office_sessions SET seen_ms = seen_ms - 31 * 60000").await;
    assert_eq!(visitor.get("/office/collections").await.to, "/office/login");
    let mut visitor = bench.staff("zhou", Role::Viewer).await;
    bench.run("UPDATE office_sessions SET created_ms = created_ms - 13 * 3600000").await;
    assert_eq!(
        visitor.get("/office/collections").await.to,
        "/office/login",
        "nor for more than twelve hours"
    );
}

#[tokio::test]
async fn forms_of_other_pages_are_refused() {
    let bench = office().await;
    let mut visitor = bench.staff("zheng", Role::Admin).await;
    let csrf = visitor.get("/office/password").await.csrf();
    let fields = [("csrf", csrf.as_str()), ("name", "new booth")];
    for site in [Some("cross-site"), Some("same-site"), Some("none"), None] {
        assert_eq!(
            visitor.send("/office/booths/invite", &fields, site).await.status,
            StatusCode::FORBIDDEN,
            "{site:?}"
        );
    }
    for csrf in ["", "00"] {
        let fields = [("csrf", csrf), ("name", "new booth")];
        let page = visitor.send("/office/booths/invite", &fields, Some("same-origin")).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "another session's token");
    }
    assert_eq!(bench.number("SELECT count(*) FROM devices", &[]).await, 0);
    assert_eq!(
        visitor.send("/office/booths/invite", &fields, Some("same-origin")).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn pages_say_what_a_browser_may_do_with_them() {
    let bench = office().await;
    let mut visitor = Visitor::new(bench.address);
    for path in ["/office/login", "/office/nothing", "/office/office.css"] {
        let page = visitor.get(path).await;
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert_eq!(page.headers["x-content-type-options"], "nosniff");
    }
    let page = visitor.get("/office/nothing").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.text().contains("There is no such page"), "{}", page.text());
    assert!(visitor.get("/office/language/zh?back=//evil.test").await.to == "/office", "nowhere but here");
    assert_eq!(visitor.get("/office/language/zh?back=/office/login").await.to, "/office/login");
}
