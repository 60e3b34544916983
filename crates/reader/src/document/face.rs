//! The face of a card in the form of GB 11643: its number, and the name beside or under the word for it.
//!
//! Left out on purpose: nation, address, and the sex and birth as printed, which the number says with a check digit.

use domain::calendar_date::CalendarDate;
use domain::document::{DocumentKind, DocumentNumber};
use domain::person_name::PersonName;
use image::RgbImage;
use inference::InferenceError;

use super::quad::Quad;
use super::recognise::{Glyph, Line, Recogniser, mean};
use super::seen::{Seen, Source};

/// How many lines above the number are read in search of the name.
const MOST_LINES: usize = 14;
/// The pitch of a card's number, and of the word before it, mm.
const PITCH_MM: f32 = 2.54;
const LABEL_MM: f32 = 3.3;
/// Where the rest of a card may be from the number's right end, mm: so far to the left, and so far up.
const ACROSS_MM: f32 = 75.0;
const UP_MM: (f32, f32) = (3.0, 50.0);
/// A number is taken only where each character is at least this sure, and a name where its characters are on average.
const SURE: f32 = 0.6;
const NAME_SURE: f32 = 0.9;
/// The kinds with such a number.
const KINDS: [DocumentKind; 3] =
    [DocumentKind::ResidentId, DocumentKind::HkMacaoTaiwanResidence, DocumentKind::ForeignPermanentResident];

/// A card's number and where it stands.
pub(super) struct Number {
    document: DocumentNumber,
    quad: Quad,
    millimetre: f32,
}

/// The number that a line ends with.
pub(super) fn number(line: &Line) -> Option<Number> {
    let glyphs: Vec<Glyph> = line.glyphs.iter().copied().filter(|glyph| glyph.character != ' ').collect();
    let start = glyphs.len().checked_sub(18)?;
    let number = &glyphs[start..];
    // A digit before them belongs to a longer number.
    let longer = glyphs[..start].last().is_some_and(|glyph| glyph.character.is_ascii_digit());
    if longer || number.iter().any(|glyph| glyph.confidence < SURE) {
        return None;
    }
    let text: String =
        number.iter().enumerate().map(|(place, glyph)| digit(glyph.character, place == 17)).collect();
    let document = KINDS.iter().find_map(|kind| DocumentNumber::parse(*kind, &text).ok())?;
    let millimetre = line.quad.width() / (18.0 * PITCH_MM + start as f32 * LABEL_MM);
    Some(Number { document, quad: line.quad, millimetre })
}

/// The digit that a character in a field of digits can only be.
pub(super) fn digit(character: char, last: bool) -> char {
    match character {
        'x' | '×' if last => 'X',
        'O' | 'o' | 'D' | 'Q' | '〇' => '0',
        'I' | 'l' | '|' => '1',
        'Z' | 'z' => '2',
        'S' | 's' => '5',
        'B' => '8',
        other => other,
    }
}

/// Reads the lines above the number, those read already not again, and puts together what they say.
pub(super) fn read(
    recogniser: &Recogniser,
    picture: &RgbImage,
    number: Number,
    known: &[Line],
    quads: impl Iterator<Item = Quad>,
) -> Result<Seen, InferenceError> {
    let mut lines = Vec::new();
    let mut above: Vec<Quad> = quads.filter(|quad| number.is_above(quad)).collect();
    above.sort_by(|a, b| number.place(b.centre()).1.total_cmp(&number.place(a.centre()).1));
    for quad in above.into_iter().take(MOST_LINES) {
        match known.iter().find(|line| line.quad == quad) {
            Some(line) => lines.push(line.clone()),
            None => lines.push(recogniser.read(picture, quad)?),
        }
    }
    let names = names(&number, &lines);
    Ok(Seen {
        name: names.iter().find(|name| is_chinese(name)).cloned(),
        latin_name: names.into_iter().find(|name| !is_chinese(name)),
        sex: number.document.sex(),
        birth: number.document.birth_date(),
        expires: lines.iter().find_map(|line| expiry(&line.text())),
        document: number.document,
        source: Source::CardFace,
    })
}

impl Number {
    /// Millimetres from the number's right end to a place: to the left, and up.
    fn place(&self, (x, y): (f32, f32)) -> (f32, f32) {
        let (end, along) = (self.quad.at(1.0, 0.5), self.quad.along());
        let (dx, dy) = (end.0 - x, end.1 - y);
        ((dx * along.0 + dy * along.1) / self.millimetre, (dy * along.0 - dx * along.1) / self.millimetre)
    }

    fn is_above(&self, quad: &Quad) -> bool {
        let (left, up) = self.place(quad.centre());
        (-20.0..ACROSS_MM).contains(&left) && (UP_MM.0..UP_MM.1).contains(&up)
    }
}

/// The names that stand behind, beside or under the word for them.
fn names(number: &Number, lines: &[Line]) -> Vec<PersonName> {
    let Some(label) = lines.iter().find(|line| line.text().trim_start().starts_with("姓名")) else {
        return Vec::new();
    };
    let inside: Vec<Glyph> =
        label.glyphs.iter().copied().skip_while(|glyph| glyph.character == ' ').skip(2).collect();
    if let Some(name) = name(&inside) {
        return vec![name];
    }
    let (left, up) = number.place(label.quad.start());
    let near = |line: &&Line| {
        let (its_left, its_up) = number.place(line.quad.start());
        let beside = (its_up - up).abs() < 2.5 && its_left < left - 3.0;
        let under = (1.5..6.5).contains(&(up - its_up)) && its_left < left + 3.0;
        (beside, under)
    };
    let chosen = |want: fn((bool, bool)) -> bool| {
        lines.iter().filter(move |line| want(near(line))).filter_map(|line| name(&line.glyphs))
    };
    let beside: Vec<PersonName> = chosen(|(beside, _)| beside).collect();
    if beside.is_empty() { chosen(|(_, under)| under).collect() } else { beside }
}

/// The name that glyphs spell surely: Chinese characters, at least two, or words of Latin capitals.
fn name(glyphs: &[Glyph]) -> Option<PersonName> {
    let text: String = glyphs.iter().map(|glyph| glyph.character).collect();
    let name = PersonName::parse(&text).ok()?;
    let sort = |c: char| {
        c == '·'
            || if is_chinese(&name) { !c.is_ascii() } else { c.is_ascii_uppercase() || " -'".contains(c) }
    };
    let sound = name.as_str().chars().count() >= 2 && name.as_str().chars().all(sort);
    // The network is never sure of a space.
    let letters: Vec<Glyph> = glyphs.iter().copied().filter(|glyph| glyph.character != ' ').collect();
    (sound && mean(&letters) >= NAME_SURE).then_some(name)
}

fn is_chinese(name: &PersonName) -> bool {
    name.as_str().chars().next().is_some_and(|c| !c.is_ascii())
}

/// The second of two days in a line as `2024.03.01-2034.02.28`.
fn expiry(text: &str) -> Option<CalendarDate> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.len() != 16 || text.chars().any(|c| c.is_alphanumeric() && !c.is_ascii_digit()) {
        return None;
    }
    let (from, to) = (CalendarDate::parse_compact(&digits[..8])?, CalendarDate::parse_compact(&digits[8..])?);
    (from < to).then_some(to)
}

#[cfg(test)]
mod tests;
