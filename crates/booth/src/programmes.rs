//! The campus's programmes, one TOML file each, parsed once into [`domain::programme::Programme`].

use crate::settings::TextSetting;
use domain::Fen;
use domain::programme::{
    Approval, ConsentText, DeliveryWay, Entitlement, Kind, PayWhen, Print, Programme, Season, TimeLimits,
};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The most sizes of prints in one programme; more don't fit the screen.
const MOST_PRINTS: usize = 4;

/// What a side of a printed photo may measure, in millimetres: the largest paper holds one.
const PRINT_MM: std::ops::RangeInclusive<u16> = 10..=100;

/// The most programmes that one booth offers; more don't fit the screen.
pub const MOST: usize = 12;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProgrammeFile {
    id: String,
    kind: String,
    specification: String,
    pay_when: String,
    approval: String,
    photo_price_fen: u64,
    postage_fen: u64,
    delivery: Vec<String>,
    entitlement: String,
    opens: String,
    closes: String,
    collection_code: bool,
    import: bool,
    max_sheets: u32,
    sheet_paper: String,
    shots: u32,
    title: TextSetting,
    summary: TextSetting,
    limits: LimitsFile,
    #[serde(default)]
    prints: Vec<PrintFile>,
    consents: Vec<ConsentFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PrintFile {
    id: String,
    title: TextSetting,
    width_mm: u16,
    height_mm: u16,
    price_fen: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsFile {
    screen_s: u32,
    pay_s: u32,
    shooting_s: u32,
    done_s: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConsentFile {
    id: String,
    version: String,
    title: TextSetting,
    body: TextSetting,
}

/// A programme that can't be offered.
#[derive(Debug, thiserror::Error)]
pub enum ProgrammeError {
    /// The folder or a file can't be read.
    #[error("{} can't be read", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file isn't a programme.
    #[error("{} is not a programme", path.display())]
    Parse {
        /// Which.
        path: PathBuf,
        /// Why, with line and key.
        #[source]
        source: toml::de::Error,
    },
    /// A value is outside its limits.
    #[error("{}: {field} must be {rule}", path.display())]
    Field {
        /// Which file.
        path: PathBuf,
        /// Which field.
        field: &'static str,
        /// What it must be.
        rule: &'static str,
    },
    /// Nothing to offer, or too much.
    #[error("{} must hold 1 to {MOST} programmes with names of their own", path.display())]
    Count {
        /// The folder.
        path: PathBuf,
    },
}

/// Every `*.toml` of `folder`, in the order of the file names.
///
/// # Errors
/// [`ProgrammeError`], naming the file and the field.
pub fn load(folder: &Path) -> Result<Vec<Programme>, ProgrammeError> {
    let read = |source| ProgrammeError::Read { path: folder.into(), source };
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .map_err(read)?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()
        .map_err(read)?;
    paths.retain(|path| path.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    let programmes = paths.iter().map(|path| load_one(path)).collect::<Result<Vec<_>, _>>()?;
    let mut ids: Vec<&str> = programmes.iter().map(|p| p.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() || ids.len() > MOST || ids.len() != programmes.len() {
        return Err(ProgrammeError::Count { path: folder.into() });
    }
    Ok(programmes)
}

fn load_one(path: &Path) -> Result<Programme, ProgrammeError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| ProgrammeError::Read { path: path.into(), source })?;
    parse(&text, path)
}

pub(crate) fn parse(text: &str, path: &Path) -> Result<Programme, ProgrammeError> {
    let file: ProgrammeFile =
        toml::from_str(text).map_err(|source| ProgrammeError::Parse { path: path.into(), source })?;
    let wrong = |field, rule| ProgrammeError::Field { path: path.into(), field, rule };
    let price = |fen, field| Fen::new(fen).map_err(|_| wrong(field, "at most 1000000 fen"));
    let pay_when = PayWhen::parse(&file.pay_when)
        .ok_or_else(|| wrong("pay_when", "before_shooting, after_shooting or by_school"))?;
    check(&file, pay_when).map_err(|(field, rule)| wrong(field, rule))?;
    let prints = prints(&file).map_err(|(field, rule)| wrong(field, rule))?;
    Ok(Programme {
        prints,
        kind: Kind::parse(&file.kind).ok_or_else(|| wrong("kind", "degree, freshman or general"))?,
        approval: Approval::parse(&file.approval)
            .ok_or_else(|| wrong("approval", "booth, staff or central"))?,
        pay_when,
        photo_price: price(file.photo_price_fen, "photo_price_fen")?,
        postage: price(file.postage_fen, "postage_fen")?,
        delivery: deliveries(&file).map_err(|(field, rule)| wrong(field, rule))?,
        entitlement: Entitlement::parse(&file.entitlement)
            .ok_or_else(|| wrong("entitlement", "anyone or roster"))?,
        season: season(&file).map_err(|(field, rule)| wrong(field, rule))?,
        collection_code: file.collection_code,
        import: file.import,
        id: file.id,
        title: file.title.into(),
        summary: file.summary.into(),
        specification: file.specification,
        max_sheets: file.max_sheets,
        sheet_paper: file.sheet_paper,
        shots: file.shots,
        limits: TimeLimits {
            screen_s: file.limits.screen_s,
            pay_s: file.limits.pay_s,
            shooting_s: file.limits.shooting_s,
            done_s: file.limits.done_s,
        },
        consents: file.consents.into_iter().map(consent).collect(),
    })
}

fn prints(file: &ProgrammeFile) -> Result<Vec<Print>, (&'static str, &'static str)> {
    let mut prints: Vec<Print> = vec![];
    for print in &file.prints {
        let sides = [print.width_mm, print.height_mm];
        if !is_name(&print.id) || prints.iter().any(|other| other.id == print.id) {
            return Err(("prints.id", "1 to 40 of a-z, 0-9, - and _, each once"));
        }
        if sides.iter().any(|side| !PRINT_MM.contains(side)) {
            return Err(("prints.width_mm and height_mm", "10 to 100 mm"));
        }
        let sheet_price =
            Fen::new(print.price_fen).map_err(|_| ("prints.price_fen", "at most 1000000 fen"))?;
        let (width_mm, height_mm, title) = (print.width_mm, print.height_mm, print.title.clone().into());
        prints.push(Print { id: print.id.clone(), title, width_mm, height_mm, sheet_price });
    }
    let fitting =
        if file.max_sheets == 0 { prints.is_empty() } else { (1..=MOST_PRINTS).contains(&prints.len()) };
    if fitting {
        Ok(prints)
    } else {
        Err(("prints", "one to four sizes where sheets are sold, none elsewhere"))
    }
}

pub(crate) fn is_name(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

fn deliveries(file: &ProgrammeFile) -> Result<Vec<DeliveryWay>, (&'static str, &'static str)> {
    let wrong =
        ("delivery", "some of here, counter and mail, each once, and one at least where sheets are sold");
    let mut ways = vec![];
    for code in &file.delivery {
        let way = DeliveryWay::parse(code).filter(|way| !ways.contains(way)).ok_or(wrong)?;
        ways.push(way);
    }
    if file.max_sheets > 0 && ways.is_empty() { Err(wrong) } else { Ok(ways) }
}

/// Days are written as `2027-03-01`; an empty text is no bound.
fn season(file: &ProgrammeFile) -> Result<Season, (&'static str, &'static str)> {
    let wrong = ("opens and closes", "days such as 2027-03-01, or empty, the first not after the last");
    let day = |text: &str| match text {
        "" => Ok(None),
        _ => crate::student::calendar_date(text).map(Some).ok_or(wrong),
    };
    let season = Season { opens: day(&file.opens)?, closes: day(&file.closes)? };
    let backwards = season.opens.zip(season.closes).is_some_and(|(opens, closes)| opens > closes);
    if backwards { Err(wrong) } else { Ok(season) }
}

fn check(file: &ProgrammeFile, pay_when: PayWhen) -> Result<(), (&'static str, &'static str)> {
    let limits = [file.limits.screen_s, file.limits.pay_s, file.limits.shooting_s, file.limits.done_s];
    if !is_name(&file.id) || !is_name(&file.specification) {
        return Err(("id and specification", "1 to 40 of a-z, 0-9, - and _"));
    }
    if !(1..=20).contains(&file.shots) {
        return Err(("shots", "1 to 20"));
    }
    if file.max_sheets > 20 {
        return Err(("max_sheets", "0 to 20"));
    }
    if limits.iter().any(|s| !(5..=3600).contains(s)) {
        return Err(("limits", "5 to 3600 seconds"));
    }
    let priced = file.photo_price_fen > 0 || file.prints.iter().any(|print| print.price_fen > 0);
    if pay_when == PayWhen::BySchool && priced {
        return Err(("photo_price_fen and price_fen", "0 where the school pays"));
    }
    if file.consents.is_empty() || file.consents.iter().any(|c| !is_name(&c.id) || c.version.is_empty()) {
        return Err(("consents", "one or more, each with a name and a version"));
    }
    Ok(())
}

fn consent(file: ConsentFile) -> ConsentText {
    ConsentText { id: file.id, version: file.version, title: file.title.into(), body: file.body.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DEGREE: &str = include_str!("../../../assets/programmes/degree.toml");

    #[test]
    fn the_shipped_programmes_load() {
        let programmes =
            load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/programmes")).unwrap();
        let ids: Vec<&str> = programmes.iter().map(|p| p.id.as_str()).collect();
        assert_eq!(ids, ["degree", "freshman", "one-inch"]);
    }

    #[test]
    fn a_mistake_names_the_field() {
        for (from, to, field) in [
            ("shots = 5", "shots = 0", "shots"),
            ("kind = \"degree\"", "kind = \"wedding\"", "kind"),
            ("photo_price_fen = 1500", "photo_price_fen = 1500000", "photo_price_fen"),
            ("id = \"degree\"", "id = \"../etc\"", "id"),
            ("pay_s = 600", "pay_s = 0", "limits"),
            ("\"counter\"", "\"pigeon\"", "delivery"),
            ("closes = \"\"", "closes = \"2027-02-30\"", "closes"),
            ("width_mm = 33", "width_mm = 3300", "width_mm"),
            ("id = \"one-inch\"", "id = \"large-one-inch\"", "prints.id"),
            ("max_sheets = 4", "max_sheets = 0", "prints"),
            ("entitlement = \"roster\"", "entitlement = \"friends\"", "entitlement"),
            ("pay_when = \"before_shooting\"", "pay_when = \"by_school\"", "photo_price_fen"),
        ] {
            let error = parse(&DEGREE.replacen(from, to, 1), Path::new("x.toml")).unwrap_err();
            assert!(error.to_string().contains(field), "{error} should name {field}");
        }
    }

    proptest! {
        #[test]
        fn junk_is_an_error_and_never_a_panic(text in "\\PC{0,400}") {
            prop_assert!(parse(&text, Path::new("x.toml")).is_err());
        }

        #[test]
        fn a_cut_file_never_panics(at in 0..DEGREE.len()) {
            let _: Result<_, _> = parse(DEGREE.get(..at).unwrap_or(""), Path::new("x.toml"));
        }
    }
}
