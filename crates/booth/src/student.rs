//! Who the student is: what a document showed or somebody typed, parsed once into types that can't be wrong.

use crate::view::{DocumentKind as DocumentKindView, Gender, RegisterInput};
use domain::UtcMillis;
use domain::calendar_date::CalendarDate;
use domain::document::{DocumentError, DocumentKind, DocumentNumber, Sex};
use domain::email::{Email, EmailError};
use domain::person_name::{NameError, PersonName};
use domain::phone::{Phone, PhoneError};
use domain::student_number::{StudentNumber, StudentNumberError};
use ledger::{Known, RosterEntry};

/// Under this age the booth serves nobody by itself: the guardian's consent is needed, at the counter.
pub const LEAST_AGE: u16 = 14;

/// An age that nobody has: a birth date before it is a slip of the finger.
const MOST_AGE: u16 = 120;

/// By what means a document was presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presented {
    /// Its chip was read: who holds the card is taken for its owner.
    Card,
    /// It was shown to the camera.
    Shown,
    /// Its number was typed.
    Typed,
}

/// A document, and what it says of its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The number.
    pub document: DocumentNumber,
    /// The holder's name, where it was read.
    pub holder: Option<PersonName>,
    /// The holder's sex, where it was read or the number says it.
    pub gender: Option<Sex>,
    /// The holder's birth date, where it was read or the number says it.
    pub birth: Option<CalendarDate>,
    /// The last day on which it is valid, where it was read.
    pub expires: Option<CalendarDate>,
    /// How it was presented.
    pub presented: Presented,
}

impl Identity {
    /// What a typed number alone says.
    ///
    /// # Errors
    /// [`DetailsError::Document`].
    pub fn typed(kind: DocumentKindView, number: &str) -> Result<Self, DetailsError> {
        let document = DocumentNumber::parse(document_kind(kind), number).map_err(DetailsError::Document)?;
        Ok(Self {
            holder: None,
            gender: document.sex(),
            birth: document.birth_date(),
            expires: None,
            document,
            presented: Presented::Typed,
        })
    }

    /// Refuses children, on the day of `now` in China (UTC+8, where the booth stands).
    ///
    /// # Errors
    /// [`DetailsError::TooYoung`].
    pub fn check_age(&self, now: UtcMillis) -> Result<(), DetailsError> {
        let age = china_date(now).and_then(|today| self.birth?.age_on(today));
        if age.is_some_and(|age| age < LEAST_AGE) { Err(DetailsError::TooYoung) } else { Ok(()) }
    }

    /// Refuses a document that is known to have expired before the day of `now` in China.
    ///
    /// # Errors
    /// [`DetailsError::Expired`].
    pub fn check_valid(&self, now: UtcMillis) -> Result<(), DetailsError> {
        let over = china_date(now).zip(self.expires).is_some_and(|(today, last)| last < today);
        if over { Err(DetailsError::Expired) } else { Ok(()) }
    }

    /// The same with the birth date that its holder typed, where the document doesn't say one.
    ///
    /// # Errors
    /// [`DetailsError::Birth`] for what is no day, or none on which somebody who stands here was born.
    pub fn with_birth(&self, typed: &str, now: UtcMillis) -> Result<Self, DetailsError> {
        if self.birth.is_some() {
            return Ok(self.clone());
        }
        let birth = calendar_date(typed.trim()).ok_or(DetailsError::Birth)?;
        let age = china_date(now).and_then(|today| birth.age_on(today)).ok_or(DetailsError::Birth)?;
        if age > MOST_AGE {
            Err(DetailsError::Birth)
        } else {
            Ok(Self { birth: Some(birth), ..self.clone() })
        }
    }
}

/// Somebody who identified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Student {
    /// The name.
    pub name: PersonName,
    /// The document.
    pub document: DocumentNumber,
    /// The telephone; nothing for somebody whom an early version registered without.
    pub phone: Option<Phone>,
    /// The e-mail address, if given.
    pub email: Option<Email>,
    /// The sex, if known.
    pub gender: Option<Sex>,
    /// The student number, once it is known.
    pub student_number: Option<StudentNumber>,
}

/// What of the details can't be right. Never holds what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DetailsError {
    /// The name.
    #[error("the name can't be one")]
    Name(#[source] NameError),
    /// The document's number.
    #[error("the document number can't be one")]
    Document(#[source] DocumentError),
    /// The telephone.
    #[error("the telephone number can't be one")]
    Phone(#[source] PhoneError),
    /// The e-mail address.
    #[error("the e-mail address can't be one")]
    Email(#[source] EmailError),
    /// The birth date.
    #[error("the birth date can't be one")]
    Birth,
    /// The document has expired.
    #[error("the document has expired")]
    Expired,
    /// The student number.
    #[error("the student number can't be one")]
    StudentNumber(#[source] StudentNumberError),
    /// The roster has another name for this document.
    #[error("the name is not the roster's for this document")]
    NameDiffers,
    /// The roster doesn't name this person for the programme.
    #[error("the roster does not name this person for the programme")]
    NotEntitled,
    /// Nobody with this document was here before.
    #[error("nobody with this document was here before")]
    NotKnown,
    /// The person is under [`LEAST_AGE`].
    #[error("a person under {LEAST_AGE} is served at the counter")]
    TooYoung,
}

impl Student {
    /// Somebody new: the document, what was typed, and what the school's roster says.
    ///
    /// # Errors
    /// [`DetailsError`], the first field that can't be right; a typed name that isn't the roster's, because a document's number is no secret.
    /// A name that the document says goes before the roster's.
    pub fn register(
        identity: &Identity,
        input: &RegisterInput,
        roster: Option<&RosterEntry>,
    ) -> Result<Self, DetailsError> {
        let name = match &identity.holder {
            Some(holder) => holder.clone(),
            None => PersonName::parse(&input.name).map_err(DetailsError::Name)?,
        };
        let typed = identity.holder.is_none();
        if typed && roster.is_some_and(|entry| !same_name(&entry.name, &name)) {
            return Err(DetailsError::NameDiffers);
        }
        let email = match input.email.trim() {
            "" => None,
            text => Some(Email::parse(text).map_err(DetailsError::Email)?),
        };
        Ok(Self {
            name,
            document: identity.document.clone(),
            phone: Some(Phone::parse(&input.phone).map_err(DetailsError::Phone)?),
            email,
            gender: identity.gender.or(input.gender.map(sex)),
            student_number: roster.map(|entry| entry.student_number.clone()),
        })
    }

    /// Somebody who was here before. The roster's student number goes before an older one.
    #[must_use]
    pub fn known(known: &Known, roster: Option<&RosterEntry>) -> Self {
        let number = roster.map(|entry| entry.student_number.clone());
        Self {
            name: known.person.name.clone(),
            document: known.person.document.clone(),
            phone: known.person.phone.clone(),
            email: known.email.clone(),
            gender: known.gender.or(known.person.document.sex()),
            student_number: number.or_else(|| known.person.student_number.clone()),
        }
    }
}

/// Whether two names are of one person: the same characters, or the same Latin words in any order and case, because passports put
/// the family name first and lists often last.
#[must_use]
pub fn same_name(a: &PersonName, b: &PersonName) -> bool {
    let words = |name: &PersonName| {
        let mut words: Vec<String> =
            name.as_str().split([' ', '-', '·']).map(str::to_uppercase).filter(|w| !w.is_empty()).collect();
        words.sort_unstable();
        words
    };
    a == b || (a.as_str().is_ascii() && b.as_str().is_ascii() && words(a) == words(b))
}

/// The civil date in China, UTC+8, at `now`; nothing before 1970 or after 9999.
#[must_use]
pub fn china_date(now: UtcMillis) -> Option<CalendarDate> {
    from_jiff(china_time(now)?.date())
}

/// The day that `text` names as `2027-03-01`.
#[must_use]
pub fn calendar_date(text: &str) -> Option<CalendarDate> {
    from_jiff(text.parse().ok()?)
}

fn from_jiff(date: jiff::civil::Date) -> Option<CalendarDate> {
    let (year, month, day) = (date.year(), date.month(), date.day());
    CalendarDate::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

/// The civil date and time in China, UTC+8, at `now`.
#[must_use]
pub fn china_time(now: UtcMillis) -> Option<jiff::civil::DateTime> {
    let instant = jiff::Timestamp::from_millisecond(now.0).ok()?;
    Some(jiff::tz::offset(8).to_datetime(instant))
}

/// The day in China at `at`, as `2027-03-01`.
#[must_use]
pub fn china_day(at: UtcMillis) -> String {
    china_time(at).map_or_else(String::new, |time| time.date().to_string())
}

fn sex(gender: Gender) -> Sex {
    match gender {
        Gender::Female => Sex::Female,
        Gender::Male => Sex::Male,
    }
}

fn document_kind(kind: DocumentKindView) -> DocumentKind {
    match kind {
        DocumentKindView::ResidentId => DocumentKind::ResidentId,
        DocumentKindView::HkMacaoTaiwanResidence => DocumentKind::HkMacaoTaiwanResidence,
        DocumentKindView::ForeignPermanentResident => DocumentKind::ForeignPermanentResident,
        DocumentKindView::Passport => DocumentKind::Passport,
        DocumentKindView::HomeReturnPermit => DocumentKind::HomeReturnPermit,
        DocumentKindView::TaiwanCompatriotPermit => DocumentKind::TaiwanCompatriotPermit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 2026-11-20T16:30Z: already the 21st in China.
    const NOW: UtcMillis = UtcMillis(1_795_192_200_000);

    fn typed(number: &str) -> Result<Identity, DetailsError> {
        Identity::typed(DocumentKindView::ResidentId, number)
    }

    fn input(name: &str) -> RegisterInput {
        RegisterInput {
            name: name.into(),
            phone: "13800000000".into(),
            email: String::new(),
            gender: None,
            birth: String::new(),
        }
    }

    fn entry(name: &str) -> RosterEntry {
        RosterEntry {
            document: typed("11010519491231002x").unwrap().document,
            name: PersonName::parse(name).unwrap(),
            student_number: StudentNumber::parse("202300001").unwrap(),
            college: "数学学院".into(),
            major: "统计学".into(),
            class_name: String::new(),
            year: Some(2027),
        }
    }

    #[test]
    fn the_booths_day_is_chinas() {
        assert_eq!(china_date(NOW), CalendarDate::new(2026, 11, 21));
        assert_eq!(china_day(NOW), "2026-11-21");
    }

    #[test]
    fn details_are_put_right_or_refused_by_name() {
        let identity = typed("11010519491231002x").unwrap();
        assert_eq!(Student::register(&identity, &input(" 张晓明 "), None).unwrap().name.as_str(), "张晓明");
        let wrong = typed("110105194912310021").unwrap_err();
        assert!(matches!(wrong, DetailsError::Document(_)), "{wrong:?}");
        assert!(!format!("{wrong:?} {wrong}").contains("1949"), "an error never repeats the number");
    }

    #[test]
    fn who_types_a_number_must_know_the_rosters_name_for_it() {
        let identity = typed("11010519491231002x").unwrap();
        let roster = entry("张晓明");
        let other = Student::register(&identity, &input("李四"), Some(&roster));
        assert_eq!(other, Err(DetailsError::NameDiffers));
        let same = Student::register(&identity, &input("张晓明"), Some(&roster)).unwrap();
        assert_eq!(same.student_number.unwrap().as_str(), "202300001", "the roster says the rest");
    }

    #[test]
    fn latin_names_are_the_same_in_any_order() {
        let name = |text| PersonName::parse(text).unwrap();
        assert!(same_name(&name("SMITH JOHN PAUL"), &name("John Paul Smith")));
        assert!(!same_name(&name("SMITH JOHN"), &name("SMITH JOHN PAUL")));
        assert!(!same_name(&name("张晓明"), &name("明晓张")), "Chinese characters keep their order");
    }

    #[test]
    fn a_person_turns_fourteen_at_midnight_in_china() {
        // Invented: born 2012-11-21 and 2012-11-22.
        assert_eq!(typed("110105201211210010").unwrap().check_age(NOW), Ok(()), "fourteen today");
        assert_eq!(
            typed("110105201211220016").unwrap().check_age(NOW),
            Err(DetailsError::TooYoung),
            "tomorrow"
        );
    }

    #[test]
    fn who_shows_a_document_without_a_birth_date_types_it() {
        let passport = Identity::typed(DocumentKindView::Passport, "E12345678").unwrap();
        assert_eq!(passport.birth, None, "a passport's number says nothing");
        let born = |typed: &str| passport.with_birth(typed, NOW).map(|identity| identity.check_age(NOW));
        assert_eq!(born(" 2004-05-01 "), Ok(Ok(())));
        assert_eq!(born("2012-11-22"), Ok(Err(DetailsError::TooYoung)), "fourteen tomorrow");
        for wrong in ["", "2004-02-30", "2026-11-22", "1899-01-01", "yesterday"] {
            assert_eq!(born(wrong), Err(DetailsError::Birth), "{wrong}");
        }
        let card = typed("11010519491231002x").unwrap();
        assert_eq!(card.with_birth("2004-05-01", NOW).unwrap(), card, "the card's own date stands");
    }

    #[test]
    fn a_document_is_good_on_its_last_day() {
        let passport = Identity::typed(DocumentKindView::Passport, "E12345678").unwrap();
        let until = |day| Identity { expires: calendar_date(day), ..passport.clone() }.check_valid(NOW);
        assert_eq!((until("2026-11-21"), until("2026-11-20")), (Ok(()), Err(DetailsError::Expired)));
        assert_eq!(passport.check_valid(NOW), Ok(()), "nothing is known of it");
    }

    proptest! {
        #[test]
        fn a_typed_birth_date_is_parsed_or_refused(text in "\\PC{0,20}") {
            let passport = Identity::typed(DocumentKindView::Passport, "E12345678").unwrap();
            let parsed = passport.with_birth(&text, NOW);
            prop_assert!(parsed.is_err() || parsed.unwrap().birth.is_some());
        }

        #[test]
        fn anything_typed_is_parsed_or_refused(name in "\\PC{0,60}", number in "\\PC{0,40}", phone in "\\PC{0,30}", email in "\\PC{0,40}") {
            let shown = format!("{:?}", typed(&number));
            prop_assert!(number.len() < 6 || !shown.contains(&number), "nothing typed is printed");
            let identity = typed("11010519491231002x").unwrap();
            let gender = Some(Gender::Female);
            let input = RegisterInput { name: name.clone(), phone, email, gender, birth: String::new() };
            let shown = format!("{:?} {input:?}", Student::register(&identity, &input, None));
            prop_assert!(name.len() < 9 || !shown.contains(&name), "nothing typed is printed");
        }
    }
}
