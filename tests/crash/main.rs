//! Fifty times the kiosk is killed (SIGKILL) at a random moment of a student's way, started again, and walked on from whatever the
//! ledger says. Nothing that the window had shown as done may be lost, nothing may be half done, nothing may happen twice.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a failed expectation in a test is a failed test"
)]

use domain::{DocumentKind, DocumentNumber, OrderId, order, payment, photo, print_job};
use end_to_end::booth_rig::{BoothRig, PIN, ledger_path, order_of, read_ledger};
use end_to_end::driver::{Display, PATIENCE, Window};
use end_to_end::process::wait_for;
use end_to_end::student::{self, Choices, Student, Unseen};
use ledger::Reader;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// How often the kiosk is killed; `BOOTH_CRASHES` changes it for a longer run.
fn crashes() -> u32 {
    std::env::var("BOOTH_CRASHES").ok().and_then(|n| n.parse().ok()).unwrap_or(50)
}

/// A whole way takes 9 to 13 s in the window on two cores; a kill comes within that time, evenly spread.
const LONGEST_LIFE_MS: u64 = 11_000;

/// What the window has shown as done to one student.
#[derive(Default, Debug)]
struct Seen {
    placed: bool,
    paid: bool,
    photographed: bool,
    accepted: bool,
}

#[tokio::test]
async fn fifty_kills_lose_nothing_and_double_nothing() {
    let booth = BoothRig::new("auto").unwrap();
    let display = Display::start(1080, 1920).unwrap();
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let (mut students, mut seen, mut kills) = (1, Seen::default(), 0);
    let mut where_killed = BTreeSet::new();
    while kills < crashes() {
        let life = Duration::from_millis(chance.below(LONGEST_LIFE_MS));
        let window = Window::open(&display, booth.data(), (1080, 1920)).await.unwrap();
        let someone = Student::invented(students);
        let finished = live(&window, &someone, &Choices::degree(PIN), &mut seen, Instant::now() + life).await;
        where_killed.insert(window.step().await.unwrap_or_else(|_| "starting".into()));
        window.kill_kiosk().unwrap();
        kills += 1;
        check(&booth, &someone, &seen);
        if finished {
            (students, seen) = (students + 1, Seen::default());
        }
    }
    let last = finish(&booth, &display, students, &mut seen).await;
    let reader = booth.reader().unwrap();
    let mut printed = 0;
    for n in 1..=last {
        printed += the_order_is_whole(&reader, &Student::invented(n));
    }
    let files = std::fs::read_dir(booth.data().join("prints")).unwrap();
    let papers = files.filter(|f| f.as_ref().unwrap().path().extension().is_some_and(|e| e == "pdf")).count();
    assert_eq!(papers, printed, "each document is on paper exactly once");
    assert_eq!(reader.counts().unwrap().orders, u64::from(last), "no order was made twice");
    println!(
        "{kills} kills at {where_killed:?}; {last} students, {papers} papers, nothing lost, nothing twice"
    );
}

/// Walks the student on until they have finished or `until` has come. An error of the window is the end of its life.
async fn live(
    window: &Window,
    student: &Student,
    choices: &Choices,
    seen: &mut Seen,
    until: Instant,
) -> bool {
    let left = until.saturating_duration_since(Instant::now());
    let way = async {
        let mut step = window.step().await?;
        loop {
            let shown = step.as_str();
            seen.placed |= shown == "pay";
            seen.paid |= shown == "briefing";
            seen.photographed |= shown == "review";
            seen.accepted |= matches!(shown, "printing" | "done");
            // The kiosk died between the commit and the next screen: the register has the photo already.
            if shown == "done" || shown == "already_collected" {
                return Ok::<(), std::io::Error>(());
            }
            step = student::go_on(window, student, choices, shown).await?;
        }
    };
    match tokio::time::timeout(left, way).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => panic!("{student:?} can't go on: {error}"),
        Err(_) => false,
    }
}

/// The screens of the whole way, on each of which the kiosk is killed once.
const SCREENS: [&str; 17] = [
    "welcome",
    "programme",
    "guide",
    "identify",
    "register",
    "consent",
    "details",
    "code",
    "order",
    "pay",
    "log_in",
    "briefing",
    "framing",
    "countdown",
    "processing",
    "review",
    "printing",
];

#[tokio::test]
async fn a_kill_on_every_screen_is_resumed() {
    let booth = BoothRig::new("auto").unwrap();
    let display = Display::start(1080, 1920).unwrap();
    let (student, choices) = (Student::invented(700), Choices::degree(PIN));
    let mut reached = vec![];
    for goal in SCREENS {
        let window = Window::open(&display, booth.data(), (1080, 1920)).await.unwrap();
        if comes_to(&window, &student, &choices, goal).await {
            reached.push(goal);
        }
        window.kill_kiosk().unwrap();
        let reader = booth.reader().unwrap();
        reader.check().unwrap();
    }
    let quick = ["countdown", "processing", "printing"];
    let missed: Vec<_> = SCREENS.iter().filter(|s| !reached.contains(*s) && !quick.contains(*s)).collect();
    assert!(missed.is_empty(), "killed on each screen but those that last a moment; missed {missed:?}");
    let window = Window::open(&display, booth.data(), (1080, 1920)).await.unwrap();
    let mut seen = Seen::default();
    let until = Instant::now() + Duration::from_secs(60);
    let finished = live(&window, &student, &choices, &mut seen, until).await;
    window.kill_kiosk().unwrap();
    assert!(finished, "the order can be finished\n{}", booth.log().unwrap());
    the_order_is_whole(&booth.reader().unwrap(), &student);
    println!("killed at {reached:?}");
}

/// Whether the way shows this screen; one that lasts a moment may be missed, and then the way has gone past it.
async fn comes_to(window: &Window, student: &Student, choices: &Choices, goal: &str) -> bool {
    let mut step = window.step().await.unwrap();
    loop {
        if step == goal {
            return true;
        }
        if step == "done" || step == "already_collected" || (step == "review" && goal != "printing") {
            return false;
        }
        step = student::go_on(window, student, choices, &step).await.unwrap();
    }
}

/// Starts the kiosk again and lets it be killed where `visit` leaves it; the ledger is sound after it.
async fn until_killed(booth: &BoothRig, display: &Display, visit: impl AsyncFnOnce(&Window)) {
    let size = (1080, 1920);
    let window = Window::open_with(display, booth.data(), size, &booth.variables()).await.unwrap();
    visit(&window).await;
    window.kill_kiosk().unwrap();
    booth.reader().unwrap().check().unwrap();
}

/// Logs in by the first password, and says which screen follows.
async fn comes_back(window: &Window, student: &Student, choices: &Choices) -> String {
    student::come_back(window, student, choices, &mut Unseen).await.unwrap();
    window.leave_or_refused("log_in").await.unwrap()
}

/// Somebody's orders, to which one comes from the welcome screen.
async fn to_the_orders(window: &Window, student: &Student) {
    window.click("my-orders").await.unwrap();
    window.expect_step("identify").await.unwrap();
    student::choose_typing(window).await.unwrap();
    window.type_into("field-document-number", &student.document_number).await.unwrap();
    window.click("submit-document").await.unwrap();
    let password = student::last(&student.document_number, 6);
    student::log_in(window, password, &mut Unseen).await.unwrap();
    window.expect_step("account").await.unwrap();
}

#[tokio::test]
async fn a_kill_at_import_code_payment_approval_and_account_is_resumed() {
    let booth = BoothRig::new("auto").unwrap();
    booth.take_sticks().unwrap();
    booth.add("[payment]\nonline = \"simulated\"\nsimulated_pays_after_s = 0\n").unwrap();
    booth.change_programmes("approval = \"booth\"", "approval = \"staff\"").unwrap();
    let display = Display::start(1080, 1920).unwrap();
    let (student, choices) = (Student::invented(710), Choices::one_inch(PIN));
    until_killed(&booth, &display, async |window| {
        student::walk_to(window, &student, &choices, "briefing").await.unwrap();
        window.click("use-stick").await.unwrap();
        window.expect_step("import").await.unwrap();
    })
    .await;
    until_killed(&booth, &display, async |window| {
        assert_eq!(comes_back(window, &student, &choices).await, "briefing", "the draft is taken up");
        student::walk_to(window, &student, &choices, "pay").await.unwrap();
        window.click("pay-wechat_pay").await.unwrap();
        window.expect_shown("pay-qr").await.unwrap();
        the_only_trade(&booth, &student);
    })
    .await;
    until_killed(&booth, &display, async |window| {
        assert_eq!(comes_back(window, &student, &choices).await, "pay", "the order waits for its money");
        window.click("pay-wechat_pay").await.unwrap();
        window.expect_shown("pay-qr").await.unwrap();
    })
    .await;
    the_trade_is_paid(&booth, &student);
    until_killed(&booth, &display, async |window| {
        let step = comes_back(window, &student, &choices).await;
        assert!(["pay", "review"].contains(&step.as_str()), "the money came meanwhile: {step}");
        student::walk_to(window, &student, &choices, "approval").await.unwrap();
    })
    .await;
    until_killed(&booth, &display, async |window| {
        assert_eq!(comes_back(window, &student, &choices).await, "approval");
        for digit in PIN.chars() {
            window.click(&format!("pin-{digit}")).await.unwrap();
        }
        window.click("approve").await.unwrap();
        window.expect_step("done").await.unwrap();
    })
    .await;
    until_killed(&booth, &display, async |window| to_the_orders(window, &student).await).await;
    until_killed(&booth, &display, async |window| {
        to_the_orders(window, &student).await;
        window.expect_css("[data-testid^=order-][data-state=finished]").await.unwrap();
    })
    .await;
    everything_happened_once(&booth, &student);
}

/// The trade of the student's unpaid order; the code of before is shown again, so that there is one.
fn the_only_trade(booth: &BoothRig, student: &Student) -> String {
    let reader = booth.reader().unwrap();
    let (order, state) = order_of(&reader, &student.document_number, "one-inch").unwrap().unwrap();
    assert_eq!(state, order::State::AwaitingPayment);
    let opened = || Some(reader.online_payments_of(order).unwrap()).filter(|trades| !trades.is_empty());
    let trades = wait_for("a trade", PATIENCE, opened).unwrap();
    assert_eq!(trades.len(), 1, "one trade, however often it is asked for");
    trades[0].trade_number.clone()
}

/// The money comes while the kiosk is off.
fn the_trade_is_paid(booth: &BoothRig, student: &Student) {
    let folder = booth.data().join("simulated-payments");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(the_only_trade(booth, student)), "paid").unwrap();
}

/// One order, one payment, one photo and one set of prints.
fn everything_happened_once(booth: &BoothRig, student: &Student) {
    let reader = booth.reader().unwrap();
    assert_eq!(reader.counts().unwrap().orders, 1, "one order");
    let (id, state) = order_of(&reader, &student.document_number, "one-inch").unwrap().unwrap();
    assert_eq!(state, order::State::Completed);
    let settled = reader.payments_of(id).unwrap().into_iter().filter(|p| p.state == payment::State::Settled);
    assert_eq!(
        settled.map(|payment| payment.means).collect::<Vec<_>>(),
        [payment::Means::WechatPay],
        "paid once"
    );
    let accepted = reader.photos_of(id).unwrap().into_iter().filter(|p| p.state == photo::State::Accepted);
    assert_eq!(accepted.count(), 1, "one photo");
    let jobs = reader.print_jobs_of(id).unwrap();
    assert!(jobs.iter().all(|job| job.state == print_job::State::Done), "everything is printed: {jobs:?}");
    let files = std::fs::read_dir(booth.data().join("prints")).unwrap();
    let papers = files.filter(|f| f.as_ref().unwrap().path().extension().is_some_and(|e| e == "pdf")).count();
    assert_eq!((jobs.len(), papers), (2, 2), "a sheet and a receipt, on paper once");
}

#[tokio::test]
async fn a_kill_while_staff_are_called_forgets_neither_the_money_nor_the_shots() {
    let booth = BoothRig::new("auto").unwrap();
    let script = booth.data().join("script.toml");
    let tilted = "[[step]]\nname = \"tilted\"\nseconds = 1\npeople = [{ who = \"student\", tilt = 12 }]\n";
    std::fs::write(&script, tilted).unwrap();
    booth.set("auto_shutter = false", &format!("auto_shutter = false\nscript = {script:?}")).unwrap();
    booth.change_programmes("shots = 5", "shots = 1").unwrap();
    let display = Display::start(1080, 1920).unwrap();
    let (student, choices) = (Student::invented(711), Choices::degree(PIN));
    until_killed(&booth, &display, async |window| {
        student::walk_to(window, &student, &choices, "staff_needed").await.unwrap();
    })
    .await;
    until_killed(&booth, &display, async |window| {
        assert_eq!(comes_back(window, &student, &choices).await, "staff_needed");
        window.expect_shown("order-number").await.unwrap();
    })
    .await;
    let reader = booth.reader().unwrap();
    let (id, state) = order_of(&reader, &student.document_number, "degree").unwrap().unwrap();
    assert_eq!(state, order::State::Paid, "the order waits, paid");
    let payments: Vec<_> = reader.payments_of(id).unwrap().into_iter().map(|payment| payment.state).collect();
    assert_eq!(payments, [payment::State::Settled], "paid once");
    let photos: Vec<_> = reader.photos_of(id).unwrap().into_iter().map(|photo| photo.state).collect();
    assert_eq!(photos, [photo::State::Failed], "the shot is kept");
}

/// After each kill: the file is sound, no half state, and what was seen is there.
fn check(booth: &BoothRig, student: &Student, seen: &Seen) {
    if !ledger_path(booth.data()).exists() {
        assert!(!seen.placed, "the ledger is gone");
        return;
    }
    let reader = booth.reader().unwrap();
    reader.check().unwrap();
    let found = order_of(&reader, &student.document_number, "degree").unwrap();
    let Some((id, state)) = found else {
        assert!(!seen.placed, "an order that was on the screen is lost");
        return;
    };
    let settled = reader.payments_of(id).unwrap().iter().any(|p| p.state == payment::State::Settled);
    let photos = reader.photos_of(id).unwrap();
    let accepted = photos.iter().filter(|p| p.state == photo::State::Accepted).count();
    let own = |id| photos.iter().any(|p| p.id == id && p.alternative_to.is_none() && p.reasons.is_empty());
    assert!(
        photos.iter().filter_map(|p| p.alternative_to).all(own),
        "another photo of a burst stands beside one that passed"
    );
    assert!(!seen.paid || settled, "a payment that was on the screen is lost");
    assert!(!seen.photographed || !photos.is_empty(), "a photo that was on the screen is lost");
    assert!(!seen.accepted || state.has_photo(), "an accepted photo is lost");
    let told = reader.outbox_of(id).unwrap().iter().filter(|e| e.kind == "collection_submitted").count();
    let jobs = reader.print_jobs_of(id).unwrap().len();
    let whole = usize::from(state.has_photo());
    assert_eq!(
        (accepted, told, jobs),
        (whole, whole, 2 * whole),
        "photo, event and prints are committed together"
    );
    assert_eq!(settled, state != order::State::AwaitingPayment, "the order's state is that of its money");
}

/// The last student, whom the kills left half way, finishes.
async fn finish(booth: &BoothRig, display: &Display, student: u32, seen: &mut Seen) -> u32 {
    let window = Window::open(display, booth.data(), (1080, 1920)).await.unwrap();
    let someone = Student::invented(student);
    let until = Instant::now() + Duration::from_secs(60);
    let finished = live(&window, &someone, &Choices::degree(PIN), seen, until).await;
    window.kill_kiosk().unwrap();
    assert!(finished, "the interrupted order can be resumed: {seen:?}\n{}", booth.log().unwrap());
    student
}

/// One photo, one payment, everything told once; how many documents it printed.
fn the_order_is_whole(reader: &Reader, student: &Student) -> usize {
    let document = DocumentNumber::parse(DocumentKind::ResidentId, &student.document_number).unwrap();
    assert!(reader.open_order_of(&document, "degree").unwrap().is_none(), "nothing is left open");
    let order: OrderId =
        reader.accepted_order_of(&document, "degree").unwrap().expect("an accepted order").id;
    let settled: Vec<_> = reader.payments_of(order).unwrap();
    assert_eq!(settled.len(), 1, "paid once");
    let kinds: Vec<String> = reader.outbox_of(order).unwrap().into_iter().map(|event| event.kind).collect();
    assert_eq!(kinds, ["order_placed", "payment_settled", "collection_submitted"], "each told once");
    let jobs = reader.print_jobs_of(order).unwrap();
    assert!(jobs.iter().all(|job| job.state == print_job::State::Done), "everything is printed: {jobs:?}");
    jobs.len()
}

/// Random moments that are the same in each run (xorshift64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

#[test]
fn a_ledger_that_is_not_there_is_an_error() {
    let empty = tempfile::tempdir().unwrap();
    assert!(read_ledger(empty.path()).is_err(), "the checks above can fail");
}
