//! What a student orders, parsed once from what the window sent.

use crate::divisions::{Address, AddressError, DivisionCode, Divisions};
use crate::error::BoothError;
use crate::sitting::Basket;
use crate::student::{DetailsError, Student};
use crate::view::{AreaView, DeliveryCode, MailInput, OrderInput};
use domain::programme::{DeliveryWay, Programme};
use domain::{PersonName, Phone};
use ledger::{Delivery, Item, MOST_NOTE_CHARACTERS, MailTo, OrderLine};

/// An order that can't be one. Never holds what was typed.
#[derive(Debug, thiserror::Error)]
pub enum BasketError {
    /// The address.
    #[error("the address can't be one")]
    Address(#[source] AddressError),
    /// There is no district of this code, or no address at all.
    #[error("there is no such district")]
    NoDistrict,
    /// The note.
    #[error("the note is longer than {MOST_NOTE_CHARACTERS} characters, or has some that can't be printed")]
    Note,
}

/// What was ordered of this programme, by this student.
///
/// # Errors
/// [`BoothError`]: a number of sheets or a way that isn't offered, a name, telephone, address or note that can't be one.
pub(crate) fn parse(
    input: &OrderInput,
    programme: &Programme,
    student: &Student,
    reprint: bool,
    divisions: &Divisions,
) -> Result<Basket, BoothError> {
    let sheets = sheets(input, programme, reprint)?;
    let note = note(&input.note)?;
    if sheets.is_empty() {
        return Ok(Basket { sheets, delivery: Delivery { note, ..Delivery::here() } });
    }
    let way = DeliveryWay::from(input.delivery);
    if !programme.delivery.contains(&way) {
        return Err(BoothError::NotOffered { what: "that way to get prints" });
    }
    let mail = match (way, &input.mail) {
        (DeliveryWay::Mail, Some(to)) => Some(mail_to(to, student, divisions)?),
        (DeliveryWay::Mail, None) => return Err(BasketError::NoDistrict.into()),
        _ => None,
    };
    Ok(Basket { sheets, delivery: Delivery { way, mail, note } })
}

/// In the programme's order; each size once, with no more sheets in all than are sold.
fn sheets(
    input: &OrderInput,
    programme: &Programme,
    reprint: bool,
) -> Result<Vec<(String, u32)>, BoothError> {
    let wrong = BoothError::NotOffered { what: "that number of sheets" };
    let of = |id: &str| input.sheets.iter().filter(|one| one.print == id).map(|one| one.sheets).collect();
    let mut sheets = vec![];
    for print in &programme.prints {
        let asked: Vec<u32> = of(&print.id);
        match asked[..] {
            [] => {}
            [count] if (1..=programme.max_sheets).contains(&count) => sheets.push((print.id.clone(), count)),
            _ => return Err(wrong),
        }
    }
    let all: u32 = sheets.iter().map(|(_, count)| count).sum();
    let known = sheets.len() == input.sheets.len();
    let enough = (u32::from(reprint)..=programme.max_sheets).contains(&all);
    if known && enough { Ok(sheets) } else { Err(wrong) }
}

fn note(text: &str) -> Result<String, BoothError> {
    let text = text.trim();
    let fits = text.chars().count() <= MOST_NOTE_CHARACTERS && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err(BasketError::Note.into()) }
}

fn mail_to(input: &MailInput, student: &Student, divisions: &Divisions) -> Result<MailTo, BoothError> {
    let phone = match (input.phone.trim(), &student.phone) {
        ("", Some(own)) => own.clone(),
        (typed, _) => Phone::parse(typed).map_err(DetailsError::Phone)?,
    };
    let address = address(&input.area_code, &input.street, divisions)?;
    Ok(MailTo {
        name: PersonName::parse(&input.name).map_err(DetailsError::Name)?,
        phone,
        area_code: address.code().digits().to_string(),
        area: address.area(),
        street: address.street().as_str().to_owned(),
    })
}

/// The address in the district of this code, or in the city where it has no districts.
fn address(area_code: &str, street: &str, divisions: &Divisions) -> Result<Address, BasketError> {
    let code = area_code.parse().ok().and_then(DivisionCode::new).ok_or(BasketError::NoDistrict)?;
    for province in divisions.provinces() {
        for city in divisions.cities(province.code()) {
            let district = divisions.districts(city.code()).iter().find(|d| d.code() == code);
            if district.is_some() || city.code() == code {
                let district = district.map(|d| d.code());
                return Address::parse(divisions, province.code(), city.code(), district, street)
                    .map_err(BasketError::Address);
            }
        }
    }
    Err(BasketError::NoDistrict)
}

/// What lies inside `parent`; the provinces where there is none.
pub(crate) fn areas(divisions: &Divisions, parent: Option<&str>) -> Vec<AreaView> {
    let Some(parent) = parent else {
        return divisions.provinces().iter().map(|p| area(p.code(), p.name(), true)).collect();
    };
    let Some(code) = parent.parse().ok().and_then(DivisionCode::new) else { return vec![] };
    let cities = divisions.cities(code).iter();
    let cities = cities.map(|c| area(c.code(), c.name(), !divisions.districts(c.code()).is_empty()));
    let districts = divisions.districts(code).iter().map(|d| area(d.code(), d.name(), false));
    cities.chain(districts).collect()
}

fn area(code: DivisionCode, name: &str, divided: bool) -> AreaView {
    AreaView { code: code.digits().to_string(), name: name.to_owned(), divided }
}

/// The lines of an order; a reprint has no electronic photo.
pub(crate) fn lines(programme: &Programme, basket: &Basket, reprint: bool) -> Vec<OrderLine> {
    let single = |item, unit| OrderLine { item, print: String::new(), quantity: 1, unit };
    let photo = (!reprint).then(|| single(Item::ElectronicPhoto, programme.photo_price));
    let sheets = basket.sheets.iter().filter_map(|(id, quantity)| {
        let (print, unit) = (id.clone(), programme.print(id)?.sheet_price);
        Some(OrderLine { item: Item::PrintedSheet, print, quantity: *quantity, unit })
    });
    let posted = !basket.sheets.is_empty() && basket.delivery.way == DeliveryWay::Mail;
    let postage = posted.then(|| single(Item::Postage, programme.postage));
    photo.into_iter().chain(sheets).chain(postage).collect()
}

impl From<DeliveryCode> for DeliveryWay {
    fn from(code: DeliveryCode) -> Self {
        match code {
            DeliveryCode::Here => Self::Here,
            DeliveryCode::Counter => Self::Counter,
            DeliveryCode::Mail => Self::Mail,
        }
    }
}

impl From<DeliveryWay> for DeliveryCode {
    fn from(way: DeliveryWay) -> Self {
        match way {
            DeliveryWay::Here => Self::Here,
            DeliveryWay::Counter => Self::Counter,
            DeliveryWay::Mail => Self::Mail,
        }
    }
}
