//! A booth without a window at which students order and pay by codes, until it is killed: `booth-till FIRST ORDERS SEED`. Its folders are
//! those of the kiosk (`CAMPUS_BOOTH_DATA`, ...).
//!
//! Students come from number FIRST on, until the ledger has so many orders; then a file in the data folder says so, and the booth goes on
//! waiting for their money. Each does what the seed says: waits for the payment, leaves at once, pays at the counter meanwhile, or asks for
//! the other application's code as well. Who pays the codes, and when, is not this program's business.

use booth::view::{DeliveryCode, DocumentKind, IdMethod, Language, PayMeans, Step, View};
use booth::view::{OrderInput, RegisterInput, SheetsInput, StudentEvent};
use booth::{Booth, BoothError, Places};
use end_to_end::booth_rig::{PIN, SERVED, read_ledger};
use end_to_end::chance::Chance;
use end_to_end::student::{Student, last};
use std::error::Error;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a student looks at a screen that doesn't change: three heartbeats, by which the booth hears how one can pay.
const PATIENCE: Duration = Duration::from_secs(90);
/// How long somebody stays for a payment: the booth asks every two seconds.
const STAYS: Duration = Duration::from_secs(8);

fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).init();
    let mut arguments = std::env::args().skip(1);
    let mut next = move || arguments.next().ok_or("booth-till FIRST ORDERS SEED");
    let (first, orders, seed): (u32, u64, u64) = (next()?.parse()?, next()?.parse()?, next()?.parse()?);
    let places = Places::from_environment()?;
    let till = Till(Booth::start(&places)?);
    let reader = read_ledger(&places.data)?;
    let mut number = first;
    while reader.counts()?.orders < orders {
        till.serve(&Student::invented(number), &mut Chance::of(seed, u64::from(number)))?;
        number += 1;
    }
    std::fs::write(places.data.join(SERVED), "")?;
    loop {
        std::thread::park();
    }
}

/// The booth, as its students meet it.
struct Till(Booth);

impl Till {
    fn send(&self, event: StudentEvent) -> Result<View, BoothError> {
        self.0.send(event)
    }

    /// Waits until the screen is what `wanted` looks for; what it found there, or nothing where it took too long.
    fn wait<T>(&self, limit: Duration, wanted: impl Fn(&Step) -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + limit;
        loop {
            if let Some(found) = wanted(&self.0.view().step) {
                return Some(found);
            }
            if Instant::now() > deadline {
                return None;
            }
            sleep(Duration::from_millis(50));
        }
    }

    /// One student, from the welcome screen until they leave.
    fn serve(&self, student: &Student, chance: &mut Chance) -> Result<(), BoothError> {
        while let Some(event) = answer(student, &self.0.view().step) {
            self.send(event)?;
        }
        self.pay(chance)?;
        self.send(StudentEvent::LogOut).map(drop)
    }

    fn pay(&self, chance: &mut Chance) -> Result<(), BoothError> {
        let means = if chance.percent(50) { PayMeans::WechatPay } else { PayMeans::Alipay };
        let offered =
            |step: &Step| matches!(step, Step::Pay { means: all, .. } if all.contains(&means)).then_some(());
        // Without the network there is the counter.
        if self.wait(PATIENCE, offered).is_none() || !self.code(means)? {
            return self.at_the_counter();
        }
        match chance.below(5) {
            0 | 1 => self.stay(),
            2 => {}
            3 => {
                sleep(Duration::from_millis(chance.below(1_500)));
                self.at_the_counter()?;
            }
            _ => {
                let other = if means == PayMeans::Alipay { PayMeans::WechatPay } else { PayMeans::Alipay };
                self.code(other)?;
                self.stay();
            }
        }
        Ok(())
    }

    /// Asks for a code, three times if it must be; whether it was shown, or the money of another came first.
    fn code(&self, asked: PayMeans) -> Result<bool, BoothError> {
        for _ in 0..3 {
            if !matches!(self.0.view().step, Step::Pay { .. }) {
                return Ok(true);
            }
            match self.send(StudentEvent::PayBy { means: asked }) {
                Ok(_) => {}
                // What is offered, and the screen, may have changed meanwhile.
                Err(BoothError::PaymentUnavailable | BoothError::NotNow(_)) => continue,
                Err(error) => return Err(error),
            }
            let shown = self.wait(PATIENCE, |step| match step {
                Step::Pay { online: Some(code), .. } if code.means == asked && !code.code_url.is_empty() => {
                    Some(true)
                }
                Step::Pay { online: Some(code), .. } if code.means == asked && !code.reachable => Some(false),
                Step::Pay { .. } => None,
                _ => Some(true),
            });
            if shown == Some(true) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn stay(&self) {
        self.wait(STAYS, |step| (!matches!(step, Step::Pay { .. })).then_some(()));
    }

    /// Staff take the money, unless the code's came in this moment.
    fn at_the_counter(&self) -> Result<(), BoothError> {
        match self.0.confirm_counter_payment(PIN) {
            Err(BoothError::NotNow(_)) if !matches!(self.0.view().step, Step::Pay { .. }) => Ok(()),
            done => done.map(drop),
        }
    }
}

/// What the student does on the way to the payment; nothing once they are there.
fn answer(student: &Student, step: &Step) -> Option<StudentEvent> {
    Some(match step {
        Step::Welcome { .. } => StudentEvent::Start { language: Language::Zh },
        Step::Programme { .. } => StudentEvent::ChooseProgramme { id: "degree".into() },
        Step::Guide { .. } => StudentEvent::ReadGuides { skipped: false },
        Step::Identify { method: IdMethod::Typed, .. } => {
            let number = student.document_number.clone();
            StudentEvent::TypeDocument { kind: DocumentKind::ResidentId, number }
        }
        Step::Identify { .. } => StudentEvent::IdentifyBy { method: IdMethod::Typed },
        Step::Register { .. } => {
            let (name, phone) = (student.name.clone(), student.phone.clone());
            let details =
                RegisterInput { name, phone, email: String::new(), gender: None, birth: String::new() };
            StudentEvent::Register { details }
        }
        Step::Consent { documents, .. } => {
            StudentEvent::Agree { documents: documents.iter().map(|consent| consent.id.clone()).collect() }
        }
        Step::Details { .. } => {
            StudentEvent::ConfirmDetails { student_number: student.student_number.clone() }
        }
        Step::Code { read: false, .. } => {
            StudentEvent::ScanCode { text: format!("collection-code-of-{}", student.student_number) }
        }
        Step::Code { .. } => {
            StudentEvent::ConfirmCode { last_four: last(&student.document_number, 4).to_owned() }
        }
        Step::Order { programme, .. } => {
            let sheets =
                programme.prints.first().map(|print| SheetsInput { print: print.id.clone(), sheets: 1 });
            let sheets = sheets.into_iter().collect();
            let order = OrderInput { sheets, delivery: DeliveryCode::Here, mail: None, note: String::new() };
            StudentEvent::PlaceOrder { order }
        }
        _ => return None,
    })
}
