//! A receipt becomes a PDF of one page: a single column, from the top.
//!
//! The column is first written as rows, each with its height, so that a roll's page can be exactly as long as its receipt.

use crate::{
    Font, Receipt, ReceiptError, ReceiptPaper, RollWidth, Rotation,
    layout::MM_PER_PT,
    page::{Page, TextAt},
    symbol::Symbol,
};
use domain::money::Fen;

/// From one baseline to the next, in sizes of the letters; what a Chinese line needs to be read easily.
const LEADING: f64 = 1.5;
/// The smallest letters of a receipt, in points: those of the narrow roll are one larger.
const LEAST_PT: f64 = 7.0;
const LABEL_GREY: f64 = 0.35;
const RULE_MM: f64 = 0.15;

/// The receipt as a PDF whose page is the roll's width and as long as needed, or the sheet: print it at 100 %.
///
/// What is too long for its sheet is set in smaller letters, 7 pt at the least.
///
/// A character that the font lacks is replaced by 〓, so that a rare name never stops a receipt.
///
/// # Errors
/// [`ReceiptError`]: too long for its sheet, a total above what an order may come to, or no usable font.
pub fn receipt_pdf(receipt: &Receipt, font: &Font) -> Result<Vec<u8>, ReceiptError> {
    let mut style = Style::of(&receipt.paper);
    let (rows, height_mm) = loop {
        let rows = Column { font, style, rows: Vec::new() }.write(receipt)?;
        let length_mm = rows.iter().map(Row::height_mm).sum::<f64>() + 2.0 * style.margin_mm;
        match page_height(&receipt.paper, length_mm) {
            Err(ReceiptError::TooLong { .. }) if style.body_pt > LEAST_PT => style.body_pt -= 1.0,
            height => break (rows, height?),
        }
    };
    let mut page = Page::new("Receipt", font, receipt.paper.width_mm(), height_mm);
    let mut y_mm = style.margin_mm;
    for row in &rows {
        row.draw(&mut page, style, y_mm);
        y_mm += row.height_mm();
    }
    Ok(page.finish()?)
}

fn page_height(paper: &ReceiptPaper, length_mm: f64) -> Result<f64, ReceiptError> {
    match paper {
        ReceiptPaper::Roll(_) => Ok(length_mm),
        ReceiptPaper::Sheet(sheet) if length_mm <= sheet.height_mm() => Ok(sheet.height_mm()),
        ReceiptPaper::Sheet(sheet) => {
            Err(ReceiptError::TooLong { needed_mm: length_mm, free_mm: sheet.height_mm() })
        }
    }
}

/// The measures that go with a paper.
#[derive(Clone, Copy)]
struct Style {
    margin_mm: f64,
    width_mm: f64,
    body_pt: f64,
}

impl Style {
    fn of(paper: &ReceiptPaper) -> Self {
        let (margin_mm, body_pt) = match paper {
            ReceiptPaper::Roll(RollWidth::Mm58) => (3.0, 8.0),
            ReceiptPaper::Roll(RollWidth::Mm80) => (4.0, 9.0),
            ReceiptPaper::Sheet(_) => (9.0, 10.0),
        };
        Self { margin_mm, width_mm: paper.width_mm() - 2.0 * margin_mm, body_pt }
    }
}

/// One line of the column.
enum Row {
    Texts { size_pt: f64, texts: Vec<Text> },
    Rule { space_mm: f64 },
    Code(Symbol),
}

/// A piece of a row: its start within the column.
struct Text {
    x_mm: f64,
    text: String,
    grey: f64,
}

impl Row {
    fn height_mm(&self) -> f64 {
        match self {
            Self::Texts { size_pt, .. } => size_pt * LEADING * MM_PER_PT,
            Self::Rule { space_mm } => *space_mm,
            Self::Code(symbol) => symbol.side_mm,
        }
    }

    fn draw(&self, page: &mut Page<'_>, style: Style, y_mm: f64) {
        match self {
            Self::Texts { size_pt, texts } => {
                let baseline_mm = y_mm + size_pt * MM_PER_PT * (0.5 * LEADING + 0.38);
                for Text { x_mm, text, grey } in texts {
                    let x_mm = style.margin_mm + x_mm;
                    let at =
                        TextAt { x_mm, y_mm: baseline_mm, size_pt: *size_pt, rotation: Rotation::Upright };
                    page.text(text, &at, *grey);
                }
            }
            Self::Rule { space_mm } => {
                let (left, y) = (style.margin_mm, y_mm + space_mm / 2.0);
                page.line((left, y), (left + style.width_mm, y), RULE_MM, LABEL_GREY);
            }
            Self::Code(symbol) => {
                let left_mm = style.margin_mm + (style.width_mm - symbol.side_mm) / 2.0;
                page.fill(&symbol.black, (left_mm, y_mm));
            }
        }
    }
}

/// The column being written.
struct Column<'f> {
    font: &'f Font,
    style: Style,
    rows: Vec<Row>,
}

impl Column<'_> {
    fn write(mut self, receipt: &Receipt) -> Result<Vec<Row>, ReceiptError> {
        let labels = &receipt.labels;
        self.centred(&receipt.title, self.style.body_pt * 1.4);
        self.rule();
        self.field(&labels.order_number, &receipt.order_number);
        self.field(&labels.programme, &receipt.programme);
        self.field(&labels.name, &receipt.masked_name);
        self.field(&labels.time, &receipt.time);
        self.rule();
        self.sold(receipt)?;
        self.rule();
        self.follow(receipt)?;
        if !receipt.contact.is_empty() {
            self.paragraph(&labels.contact, self.style.body_pt * 0.9, LABEL_GREY);
            self.paragraph(&receipt.contact, self.style.body_pt, 0.0);
        }
        for note in &receipt.notes {
            self.paragraph(note, self.style.body_pt * 0.9, LABEL_GREY);
        }
        Ok(self.rows)
    }

    fn sold(&mut self, receipt: &Receipt) -> Result<(), ReceiptError> {
        let labels = &receipt.labels;
        self.cells(&labels.item, &labels.quantity, &labels.amount, LABEL_GREY);
        for line in &receipt.lines {
            self.cells(&line.item, &line.quantity.to_string(), &line.amount.to_string(), 0.0);
        }
        self.rule();
        let total = Fen::total(receipt.lines.iter().map(|line| line.amount))?;
        self.both_ends(&labels.total, &format!("{}{total}", labels.currency), self.style.body_pt * 1.3, 0.0);
        Ok(())
    }

    fn follow(&mut self, receipt: &Receipt) -> Result<(), ReceiptError> {
        let Some(payload) = &receipt.follow else { return Ok(()) };
        let symbol = Symbol::new(payload, self.style.width_mm).ok_or(ReceiptError::Follow)?;
        self.rows.push(Row::Code(symbol));
        self.centred(&receipt.labels.follow, self.style.body_pt * 0.9);
        self.rule();
        Ok(())
    }

    fn rule(&mut self) {
        self.rows.push(Row::Rule { space_mm: self.style.body_pt * 0.8 * MM_PER_PT });
    }

    fn centred(&mut self, text: &str, size_pt: f64) {
        for line in self.wrapped(text, size_pt, self.style.width_mm) {
            let x_mm = (self.style.width_mm - self.font.width_mm(&line, size_pt)) / 2.0;
            self.rows.push(Row::Texts { size_pt, texts: vec![Text { x_mm, text: line, grey: 0.0 }] });
        }
    }

    fn field(&mut self, label: &str, value: &str) {
        self.both_ends(label, value, self.style.body_pt, LABEL_GREY);
    }

    /// A label at the left; its value at the right, below the label's line where both don't fit in one.
    fn both_ends(&mut self, label: &str, value: &str, size_pt: f64, label_grey: f64) {
        let label = self.font.settable(label);
        let free_mm = self.style.width_mm - self.font.width_mm(&label, size_pt) - size_pt * MM_PER_PT;
        let mut texts = vec![Text { x_mm: 0.0, text: label, grey: label_grey }];
        for line in self.wrapped(value, size_pt, free_mm.max(self.style.width_mm / 2.0)) {
            if self.font.width_mm(&line, size_pt) > free_mm && !texts.is_empty() {
                self.rows.push(Row::Texts { size_pt, texts: std::mem::take(&mut texts) });
            }
            texts.push(self.ending_at(self.style.width_mm, line, size_pt, 0.0));
            self.rows.push(Row::Texts { size_pt, texts: std::mem::take(&mut texts) });
        }
    }

    /// What was sold at the left (wrapped), the quantity and the amount in columns of their own at the right.
    fn cells(&mut self, item: &str, quantity: &str, amount: &str, grey: f64) {
        let size_pt = self.style.body_pt;
        let em_mm = size_pt * MM_PER_PT;
        let quantity_end_mm = self.style.width_mm - 4.2 * em_mm;
        let mut figures = vec![
            self.ending_at(quantity_end_mm, self.font.settable(quantity), size_pt, grey),
            self.ending_at(self.style.width_mm, self.font.settable(amount), size_pt, grey),
        ];
        for text in self.wrapped(item, size_pt, quantity_end_mm - 2.5 * em_mm) {
            let mut texts = vec![Text { x_mm: 0.0, text, grey }];
            texts.append(&mut figures);
            self.rows.push(Row::Texts { size_pt, texts });
        }
    }

    fn paragraph(&mut self, text: &str, size_pt: f64, grey: f64) {
        for text in self.wrapped(text, size_pt, self.style.width_mm) {
            self.rows.push(Row::Texts { size_pt, texts: vec![Text { x_mm: 0.0, text, grey }] });
        }
    }

    fn ending_at(&self, end_mm: f64, text: String, size_pt: f64, grey: f64) -> Text {
        Text { x_mm: end_mm - self.font.width_mm(&text, size_pt), text, grey }
    }

    /// `text` in lines no longer than `width_mm`, at least one: broken at newlines, between Chinese characters, and between
    /// words; a word longer than a line is broken anywhere.
    fn wrapped(&self, text: &str, size_pt: f64, width_mm: f64) -> Vec<String> {
        let fits = |line: &str| self.font.width_mm(line, size_pt) <= width_mm;
        text.split('\n').flat_map(|paragraph| wrap(&self.font.settable(paragraph), &fits)).collect()
    }
}

/// Greedy line breaking of one paragraph.
fn wrap(paragraph: &str, fits: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for character in paragraph.chars() {
        line.push(character);
        if fits(&line) || line.chars().nth(1).is_none() {
            continue;
        }
        let rest = line.split_off(break_before(&line));
        lines.push(std::mem::replace(&mut line, rest.trim_start().to_owned()).trim_end().to_owned());
    }
    lines.push(line);
    lines
}

/// Where to break a line that is one character too long: behind its last space or beside its last Chinese character, or else
/// before its last character.
fn break_before(line: &str) -> usize {
    let last = line.char_indices().next_back().map_or(0, |(at, _)| at);
    let Some(tail) = line[..].chars().next_back() else { return 0 };
    if is_wide(tail) && !closes(tail) {
        return last;
    }
    let breakable =
        |&(at, c): &(usize, char)| at + c.len_utf8() <= last && at > 0 && (c == ' ' || is_wide(c));
    let place = line.char_indices().rev().find(breakable);
    place.map_or(
        last,
        |(at, c)| if closes(tail) && at + c.len_utf8() == last { at } else { at + c.len_utf8() },
    )
}

fn is_wide(c: char) -> bool {
    u32::from(c) >= 0x2e80
}

/// Whether a line must not begin with the character (the commonest rule of Chinese setting).
fn closes(c: char) -> bool {
    "，。、；：！？）》”’,.;:!?)".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_where_readers_expect() {
        let check = |text: &str, width: usize, expect: &[&str]| {
            let fits =
                |line: &str| line.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum::<usize>() <= width;
            assert_eq!(wrap(text, &fits), expect, "{text:?} in {width} columns");
        };
        check("", 8, &[""]);
        check("短", 8, &["短"]);
        check("电子照片一张", 8, &["电子照片", "一张"]);
        check("请到学生中心，二楼", 12, &["请到学生中", "心，二楼"]);
        check("one two three", 8, &["one two", "three"]);
        check("unbreakable", 4, &["unbr", "eaka", "ble"]);
        check("宽", 1, &["宽"]);
    }
}
