//! The list as it was read: every code in its place, every name a name.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The largest file that is read; the list of 2025 has 88 kB.
const MOST_BYTES: u64 = 1 << 20;

/// The most divisions of all levels; there were 3,882 in 2025.
const MOST_DIVISIONS: usize = 10_000;

/// The longest name; the longest of 2025 has 15 characters.
const LONGEST_NAME: usize = 24;

/// A division's code of six digits (GB/T 2260): two for the province, two for the city, two for the district.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DivisionCode(u32);

/// A province, a city or a district.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    code: DivisionCode,
    name: String,
    within: Vec<Division>,
}

/// All of them. Loaded once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divisions {
    provinces: Vec<Division>,
}

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum DivisionsError {
    /// The file can't be read.
    #[error("the list of divisions can't be read")]
    Read(#[source] io::Error),
    /// It is larger than 1 MiB, or names more than 10,000 divisions.
    #[error("the list of divisions is too large")]
    TooLarge,
    /// It isn't the JSON that the tool writes.
    #[error("the list of divisions is malformed")]
    Malformed(#[source] serde_json::Error),
    /// A code isn't one, stands in the wrong place, or twice.
    #[error("the list of divisions has the code {0} where it can't be")]
    Code(u32),
    /// A division's name is empty, too long, or not Chinese.
    #[error("the division {0} has no name")]
    Name(u32),
    /// There is no province.
    #[error("the list of divisions is empty")]
    Empty,
}

type FileDistrict = (u32, String);
type FileCity = (u32, String, Vec<FileDistrict>);
type FileProvince = (u32, String, Vec<FileCity>);

impl DivisionCode {
    /// The code that six digits are, 110000 to 829999.
    #[must_use]
    pub fn new(digits: u32) -> Option<Self> {
        (110_000..830_000).contains(&digits).then_some(Self(digits))
    }

    /// The six digits.
    #[must_use]
    pub fn digits(self) -> u32 {
        self.0
    }
}

impl Division {
    /// Its code.
    #[must_use]
    pub fn code(&self) -> DivisionCode {
        self.code
    }

    /// Its Chinese name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Divisions {
    /// The name of the list's file in the folder of assets.
    pub const FILE: &str = "divisions.json";

    /// The list in the folder of assets.
    ///
    /// # Errors
    /// [`DivisionsError`].
    pub fn load(assets: &Path) -> Result<Self, DivisionsError> {
        let file = File::open(assets.join(Self::FILE)).map_err(DivisionsError::Read)?;
        let mut json = Vec::new();
        file.take(MOST_BYTES + 1).read_to_end(&mut json).map_err(DivisionsError::Read)?;
        Self::parse(&json)
    }

    /// The list in a file's bytes.
    ///
    /// # Errors
    /// [`DivisionsError`].
    pub fn parse(json: &[u8]) -> Result<Self, DivisionsError> {
        if json.len() as u64 > MOST_BYTES {
            return Err(DivisionsError::TooLarge);
        }
        let file: Vec<FileProvince> = serde_json::from_slice(json).map_err(DivisionsError::Malformed)?;
        let mut seen = BTreeSet::new();
        let provinces = file.into_iter().map(|entry| province(entry, &mut seen));
        let provinces = provinces.collect::<Result<Vec<_>, _>>()?;
        if provinces.is_empty() { Err(DivisionsError::Empty) } else { Ok(Self { provinces }) }
    }

    /// The provinces, municipalities and special regions, in the order of their codes.
    #[must_use]
    pub fn provinces(&self) -> &[Division] {
        &self.provinces
    }

    /// The cities of a province; none where there is no such province.
    #[must_use]
    pub fn cities(&self, province: DivisionCode) -> &[Division] {
        within(&self.provinces, province)
    }

    /// The districts, counties or towns of a city; none where there is no such city, or it has none.
    #[must_use]
    pub fn districts(&self, city: DivisionCode) -> &[Division] {
        within(self.cities(DivisionCode(city.0 / 10_000 * 10_000)), city)
    }
}

fn within(divisions: &[Division], code: DivisionCode) -> &[Division] {
    divisions.iter().find(|division| division.code == code).map_or(&[], |division| &division.within)
}

fn province(
    (code, name, cities): FileProvince,
    seen: &mut BTreeSet<u32>,
) -> Result<Division, DivisionsError> {
    let mut province = division(code, name, code % 10_000 == 0, seen)?;
    for city in cities {
        province.within.push(self::city(city, code, seen)?);
    }
    Ok(province)
}

fn city(
    (code, name, districts): FileCity,
    province: u32,
    seen: &mut BTreeSet<u32>,
) -> Result<Division, DivisionsError> {
    let in_place = code / 10_000 == province / 10_000 && code % 100 == 0;
    let mut city = division(code, name, in_place, seen)?;
    for (district, name) in districts {
        city.within.push(division(district, name, district / 100 == code / 100, seen)?);
    }
    Ok(city)
}

fn division(
    code: u32,
    name: String,
    in_place: bool,
    seen: &mut BTreeSet<u32>,
) -> Result<Division, DivisionsError> {
    let known = DivisionCode::new(code).filter(|_| in_place && seen.insert(code));
    let code = known.ok_or(DivisionsError::Code(code))?;
    if seen.len() > MOST_DIVISIONS {
        return Err(DivisionsError::TooLarge);
    }
    let is_name = (1..=LONGEST_NAME).contains(&name.chars().count())
        && name.chars().all(|c| matches!(c, '\u{4e00}'..='\u{9fff}'));
    if is_name { Ok(Division { code, name, within: Vec::new() }) } else { Err(DivisionsError::Name(code.0)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(json: &str) -> Result<Divisions, DivisionsError> {
        Divisions::parse(json.as_bytes())
    }

    #[test]
    fn the_shipped_list_has_everybody() {
        let assets = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets");
        let list = Divisions::load(Path::new(assets)).unwrap();
        let names = |divisions: &[Division]| divisions.iter().map(|d| d.name.clone()).collect::<Vec<_>>();
        let code = |digits| DivisionCode::new(digits).unwrap();
        assert_eq!(
            list.provinces().len(),
            34,
            "23 provinces, 5 regions, 4 municipalities, 2 special regions"
        );
        assert_eq!(names(list.cities(code(110_000))), ["北京市"]);
        assert!(names(list.districts(code(110_100))).contains(&"海淀区".to_owned()));
        assert!(names(list.districts(code(441_900))).contains(&"长安镇".to_owned()), "Dongguan has towns");
        assert!(names(list.districts(code(442_000))).contains(&"小榄镇".to_owned()), "so has Zhongshan");
        for special in [710_000, 810_000, 820_000] {
            assert!(list.cities(code(special)).len() > 1, "{special} has cities or parts");
        }
        for province in list.provinces() {
            for city in list.cities(province.code()) {
                assert!(!list.districts(city.code()).is_empty(), "{} has districts", city.name());
            }
        }
        assert!(list.cities(code(990_000 - 200_000)).is_empty() && list.districts(code(110_199)).is_empty());
    }

    #[test]
    fn a_list_that_is_wrong_is_refused_with_the_place() {
        let check = |json: &str, expect: &str| {
            let error = parse(json).unwrap_err();
            assert_eq!(error.to_string(), expect, "{json:.60}");
        };
        check("[]", "the list of divisions is empty");
        check("[[110000,\"北京市\"]]", "the list of divisions is malformed");
        check("[[110001,\"北京市\",[]]]", "the list of divisions has the code 110001 where it can't be");
        check("[[990000,\"北京市\",[]]]", "the list of divisions has the code 990000 where it can't be");
        check(
            "[[110000,\"北京市\",[[120100,\"天津市\",[]]]]]",
            "the list of divisions has the code 120100 where it can't be",
        );
        check(
            "[[110000,\"北京市\",[]],[110000,\"北京市\",[]]]",
            "the list of divisions has the code 110000 where it can't be",
        );
        check("[[110000,\"<b>\",[]]]", "the division 110000 has no name");
        check(&format!("[[110000,\"{}\",[]]]", "长".repeat(25)), "the division 110000 has no name");
        check(&" ".repeat(MOST_BYTES as usize + 1), "the list of divisions is too large");
    }

    proptest! {
        #[test]
        fn any_file_is_answered(bytes in prop::collection::vec(any::<u8>(), 0..200), code: u32, name in "\\PC{0,30}") {
            prop_assert!(Divisions::parse(&bytes).is_err());
            let json = serde_json::json!([[110_000, "北京市", [[code, name, [[code, name]]]]]]).to_string();
            prop_assert!(parse(&json).is_err(), "a city is not its own district");
        }
    }
}
