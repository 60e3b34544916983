//! The screens on which somebody says who they are. Names, numbers and addresses are masked: others stand behind the student.

use crate::clock::SteadyMillis;
use crate::identify;
use crate::inner::Inner;
use crate::password;
use crate::sitting::Sitting;
use crate::student::{Identity, Student};
use crate::view::{DetailField, DetailRow, Errand as ErrandView, Gender, ProgrammeView, SeenView, Step};
use crate::{devices, sticks, words};
use domain::document::Sex;
use domain::session::Errand;
use domain::{DocumentNumber, Email, PersonName};

pub(super) fn identify(inner: &Inner, sitting: &Sitting, errand: Errand) -> Step {
    let for_photo = errand != Errand::Account;
    let programme = sitting.programme.as_deref().filter(|_| for_photo);
    Step::Identify {
        errand: if for_photo { ErrandView::Photo } else { ErrandView::Account },
        programme: programme.map(|programme| super::programme(inner, programme)),
        methods: identify::methods(inner),
        method: sitting.who.method,
        reader_fault: inner.reader_fault(),
        card_fault: sitting.who.card_fault,
        advice: sitting.who.advice,
        seen: sitting.who.seen.as_ref().map(of_identity),
    }
}

fn of_identity(identity: &Identity) -> SeenView {
    seen(&identity.document, identity.holder.as_ref())
}

fn seen(document: &DocumentNumber, name: Option<&PersonName>) -> SeenView {
    SeenView {
        kind: words::document_kind(document.kind()),
        number: document.masked(),
        name: name.map(PersonName::masked),
    }
}

/// Before the password nothing is shown that the ledger knows, but what was just typed or shown.
pub(super) fn log_in(inner: &Inner, sitting: &Sitting, now: SteadyMillis) -> Step {
    let (Some(known), Some(identity)) = (&sitting.who.known, &sitting.who.identity) else {
        return Step::StaffNeeded { order_number: None, reasons: vec![] };
    };
    Step::LogIn {
        seen: of_identity(identity),
        first_password: known.password_hash.is_none(),
        tries_left: password::tries_left(known.wrong_tries, &inner.settings.login),
        locked_s: inner.pauses.lock().locked_s(known.person.id, now),
    }
}

pub(super) fn register(sitting: &Sitting, programme: ProgrammeView) -> Option<Step> {
    let identity = sitting.who.identity.as_ref()?;
    Some(Step::Register {
        programme,
        seen: of_identity(identity),
        holder: identity.holder.as_ref().map(PersonName::masked),
        gender: identity.gender.map(gender),
        asks_birth: identity.birth.is_none(),
    })
}

fn gender(sex: Sex) -> Gender {
    match sex {
        Sex::Female => Gender::Female,
        Sex::Male => Gender::Male,
    }
}

pub(super) fn details(sitting: &Sitting, programme: ProgrammeView) -> Option<Step> {
    let student = sitting.student.as_ref()?;
    let roster = sitting.who.roster.as_ref();
    let mut rows = of_student(student);
    if let Some(entry) = roster {
        let year = entry.year.map(|year| year.to_string()).unwrap_or_default();
        let school = [
            (DetailField::College, entry.college.clone()),
            (DetailField::Major, entry.major.clone()),
            (DetailField::ClassName, entry.class_name.clone()),
            (DetailField::Year, year),
        ];
        rows.extend(school.into_iter().filter(|(_, value)| !value.is_empty()));
    }
    Some(Step::Details {
        programme,
        rows: rows.into_iter().map(|(field, value)| DetailRow { field, value }).collect(),
        from_roster: roster.is_some(),
        needs_student_number: student.student_number.is_none(),
        disputed: sitting.who.disputed.clone(),
    })
}

fn of_student(student: &Student) -> Vec<(DetailField, String)> {
    let told = [
        (DetailField::Name, Some(student.name.masked())),
        (DetailField::Document, Some(student.document.masked())),
        (DetailField::Gender, student.gender.map(|sex| words::gender_code(sex).to_owned())),
        (DetailField::StudentNumber, student.student_number.as_ref().map(|n| n.as_str().to_owned())),
        (DetailField::Phone, student.phone.as_ref().map(|phone| phone.masked())),
        (DetailField::Email, student.email.as_ref().map(Email::masked)),
    ];
    told.into_iter().filter_map(|(field, value)| Some((field, value?))).collect()
}

pub(super) fn code(inner: &Inner, sitting: &Sitting, programme: ProgrammeView) -> Step {
    Step::Code {
        programme,
        read: sitting.shown.code.is_some(),
        picture: sitting.shown.code.as_ref().is_some_and(|code| code.picture().is_some()),
        refusal: sitting.shown.refusal,
        used_on: sitting.shown.used_on.clone(),
        stick: sticks::view(sitting),
        camera_fault: devices::camera_fault(&*inner.camera),
    }
}
