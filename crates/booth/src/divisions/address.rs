//! An address among the divisions, and who is there: checked once, right from then on.

use super::{Division, DivisionCode, Divisions};
use domain::{PersonName, Phone};
use std::fmt;

/// What stands in the list for a city or district where there is none: counties under the province itself, Chongqing's counties,
/// the whole of a city.
const NO_NAMES: [&str; 4] = ["省直辖县", "自治区直辖县级行政区划", "县", "市辖区"];

/// A street with house, building and room: 1 to 80 characters in one line. Personal: `Debug` is redacted.
#[derive(Clone, PartialEq, Eq)]
pub struct Street(String);

/// An address in China. Personal: `Debug` is redacted.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    code: DivisionCode,
    divisions: [String; 3],
    street: Street,
}

/// Who gets the prints, and where. Personal: `Debug` is redacted.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The name for the parcel.
    pub name: PersonName,
    /// The number that the carrier calls.
    pub phone: Phone,
    /// The address.
    pub address: Address,
}

/// The rule that a typed street broke. Never holds the street.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StreetError {
    /// Nothing but blanks and marks.
    #[error("the street is empty")]
    Empty,
    /// More than 80 characters.
    #[error("the street is longer than 80 characters")]
    TooLong,
    /// A character that can't be printed on a parcel: an emoji, a control character, another script.
    #[error("the street has a character that addresses do not have")]
    UnexpectedCharacter,
}

/// Why an address isn't one. Never holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// There is no such province.
    #[error("there is no such province")]
    Province,
    /// The province has no such city.
    #[error("there is no such city in the province")]
    City,
    /// The city has no such district, or has districts and none was chosen.
    #[error("there is no such district in the city")]
    District,
    /// The street.
    #[error("the street can't be used")]
    Street(#[from] StreetError),
}

impl Street {
    /// The most characters that a street has here.
    pub const MOST: usize = 80;

    /// The street that was typed: runs of blanks become one, those at the ends fall away.
    ///
    /// # Errors
    /// [`StreetError`] names the rule broken.
    pub fn parse(typed: &str) -> Result<Self, StreetError> {
        // A character takes four bytes at most, and blanks between all of them as many again.
        if typed.len() > 8 * Self::MOST {
            return Err(StreetError::TooLong);
        }
        if typed.chars().any(|c| !is_used(c)) {
            return Err(StreetError::UnexpectedCharacter);
        }
        let street = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        if !street.chars().any(char::is_alphanumeric) {
            return Err(StreetError::Empty);
        }
        if street.chars().count() > Self::MOST { Err(StreetError::TooLong) } else { Ok(Self(street)) }
    }

    /// The street. Personal: for storage, delivery and the person's own screen.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Chinese characters of every plane, Latin letters, digits, and the marks between them.
fn is_used(c: char) -> bool {
    match c {
        'A'..='Z' | 'a'..='z' | '0'..='9' => true,
        'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '０'..='９' => true,
        '\u{c0}'..='\u{24f}' => c.is_alphabetic(),
        '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => true,
        '\u{20000}'..='\u{2fa1f}' | '\u{30000}'..='\u{323af}' => true,
        ' ' | '\u{3000}' => true,
        _ => "-#/.,()&'+:~_（）、，。·－—／：＃．～№".contains(c),
    }
}

impl Address {
    /// The address of these divisions and this street. `district` is None where the city has none.
    ///
    /// # Errors
    /// [`AddressError`] names the part that is wrong.
    pub fn parse(
        list: &Divisions,
        province: DivisionCode,
        city: DivisionCode,
        district: Option<DivisionCode>,
        street: &str,
    ) -> Result<Self, AddressError> {
        let province = named(list.provinces(), province).ok_or(AddressError::Province)?;
        let city = named(list.cities(province.code()), city).ok_or(AddressError::City)?;
        let districts = list.districts(city.code());
        let district = match district {
            None if districts.is_empty() => None,
            code => Some(code.and_then(|code| named(districts, code)).ok_or(AddressError::District)?),
        };
        let name = |division: &Division| division.name().to_owned();
        Ok(Self {
            code: district.unwrap_or(city).code(),
            divisions: [name(province), name(city), district.map_or_else(String::new, name)],
            street: Street::parse(street)?,
        })
    }

    /// The code of the district, or of the city where it has none.
    #[must_use]
    pub fn code(&self) -> DivisionCode {
        self.code
    }

    /// The names of province, city and district (empty where there is none), as the list has them.
    #[must_use]
    pub fn divisions(&self) -> [&str; 3] {
        self.divisions.each_ref().map(String::as_str)
    }

    /// The street.
    #[must_use]
    pub fn street(&self) -> &Street {
        &self.street
    }

    /// Province, city and district, as they stand on a parcel: a municipality's name once, and no stand-in for a level that isn't there.
    #[must_use]
    pub fn area(&self) -> String {
        let [province, city, district] = self.divisions();
        let city = if city == province || NO_NAMES.contains(&city) { "" } else { city };
        let district = if NO_NAMES.contains(&district) { "" } else { district };
        [province, city, district].concat()
    }

    /// The address in one line, as it stands on a parcel.
    #[must_use]
    pub fn in_one_line(&self) -> String {
        self.area() + self.street.as_str()
    }
}

fn named(divisions: &[Division], code: DivisionCode) -> Option<&Division> {
    divisions.iter().find(|division| division.code() == code)
}

impl fmt::Debug for Street {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Street(redacted)")
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(redacted)")
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recipient(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::path::Path;
    use std::sync::LazyLock;

    static LIST: LazyLock<Divisions> = LazyLock::new(|| {
        Divisions::load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets"))).unwrap()
    });

    fn code(digits: u32) -> DivisionCode {
        DivisionCode::new(digits).unwrap()
    }

    fn address(
        province: u32,
        city: u32,
        district: Option<u32>,
        street: &str,
    ) -> Result<Address, AddressError> {
        Address::parse(&LIST, code(province), code(city), district.map(code), street)
    }

    #[test]
    fn addresses_read_as_people_write_them() {
        let check = |province, city, district, expect: &str| {
            let address = address(province, city, Some(district), " 海棠路1号  3-201室 ").unwrap();
            assert_eq!(address.in_one_line(), format!("{expect}海棠路1号 3-201室"));
            assert_eq!(address.code(), code(district));
        };
        check(110_000, 110_100, 110_108, "北京市海淀区");
        check(500_000, 500_200, 500_235, "重庆市云阳县");
        check(330_000, 330_100, 330_106, "浙江省杭州市西湖区");
        check(440_000, 441_900, 441_904, "广东省东莞市长安镇");
        check(420_000, 429_000, 429_004, "湖北省仙桃市");
        check(810_000, 810_200, 810_204, &{
            let kowloon = &LIST.districts(code(810_200)).iter().find(|d| d.code() == code(810_204)).unwrap();
            format!("香港特别行政区九龙{}", kowloon.name())
        });
    }

    #[test]
    fn a_city_without_districts_needs_none() {
        let list = Divisions::parse("[[440000,\"广东省\",[[441900,\"东莞市\",[]]]]]".as_bytes()).unwrap();
        let parse =
            |district| Address::parse(&list, code(440_000), code(441_900), district, "长安镇海棠路1号");
        let address = parse(None).unwrap();
        assert_eq!(address.in_one_line(), "广东省东莞市长安镇海棠路1号");
        assert_eq!((address.code(), address.divisions()[2]), (code(441_900), ""));
        assert_eq!(parse(Some(code(441_904))), Err(AddressError::District));
    }

    #[test]
    fn an_address_that_does_not_exist_is_refused_by_its_wrong_part() {
        let check = |province, city, district, expect| {
            assert_eq!(address(province, city, district, "海棠路1号"), Err(expect));
        };
        check(190_000, 110_100, Some(110_108), AddressError::Province);
        check(110_000, 330_100, Some(330_106), AddressError::City);
        check(330_000, 330_100, Some(110_108), AddressError::District);
        check(330_000, 330_100, None, AddressError::District);
        assert_eq!(
            address(330_000, 330_100, Some(330_106), "🏠"),
            Err(AddressError::Street(StreetError::UnexpectedCharacter))
        );
    }

    #[test]
    fn streets_are_kept_or_refused_by_the_rule() {
        let check = |typed: &str, expect: Result<&str, StreetError>| {
            assert_eq!(
                Street::parse(typed).as_ref().map(Street::as_str).map_err(|e| *e),
                expect,
                "{typed:?}"
            );
        };
        check("海棠路１号（东门）3#201", Ok("海棠路１号（东门）3#201"));
        check("  No. 5,　Haitang Rd  ", Ok("No. 5, Haitang Rd"));
        check("𠮷祥街5号", Ok("𠮷祥街5号"));
        check("", Err(StreetError::Empty));
        check(" -- ", Err(StreetError::Empty));
        check("海棠路\n1号", Err(StreetError::UnexpectedCharacter));
        check("海棠路1号😀", Err(StreetError::UnexpectedCharacter));
        check("海棠路1\u{20e3}号", Err(StreetError::UnexpectedCharacter));
        check("海棠路\u{202e}1号", Err(StreetError::UnexpectedCharacter));
        check("<script>", Err(StreetError::UnexpectedCharacter));
        check(&"长".repeat(80), Ok(&"长".repeat(80)));
        check(&"长".repeat(81), Err(StreetError::TooLong));
        check(&"a".repeat(10_000), Err(StreetError::TooLong));
    }

    #[test]
    fn logs_see_nothing_of_a_recipient() {
        let recipient = Recipient {
            name: PersonName::parse("林海棠").unwrap(),
            phone: Phone::parse("13900000000").unwrap(),
            address: address(110_000, 110_100, Some(110_108), "海棠路1号").unwrap(),
        };
        let shown = format!("{recipient:?} {:?} {:?}", recipient.address, recipient.address.street());
        assert_eq!(shown, "Recipient(redacted) Address(redacted) Street(redacted)");
    }

    proptest! {
        #[test]
        fn any_street_is_answered_and_a_street_is_stable(wild in any::<String>(), near in "[海棠路0-9A-z #\u{3000}-]{0,90}") {
            for typed in [wild, near] {
                if let Ok(street) = Street::parse(&typed) {
                    prop_assert_eq!(Street::parse(street.as_str()), Ok(street.clone()), "parsing again changes nothing");
                    prop_assert!((1..=Street::MOST).contains(&street.as_str().chars().count()));
                }
            }
        }

        #[test]
        fn any_codes_are_answered(province in 110_000..830_000u32, city in 110_000..830_000u32, district in 110_000..830_000u32) {
            for district in [None, Some(district)] {
                let parsed = address(province, city, district, "海棠路1号");
                prop_assert!(parsed.is_err() || (city / 10_000 == province / 10_000));
            }
        }
    }
}
