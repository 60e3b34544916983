//! The page: HTML without a script. The 400 % views are the photo itself, enlarged by the browser without smoothing.

use super::contour::{SIDE, Square};
use super::entry::{Accepted, Entry};
use crate::photo::{Refusal, matte_source, verdict};
use portrait::{Measurement, Specification, Verdict};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How much the edge is enlarged.
const ENLARGED: usize = 4;

const STYLE: &str = "
body { font: 14px/1.4 sans-serif; margin: 24px auto; width: 1480px; color: #222; background: #f4f4f4 }
article { background: #fff; border: 1px solid #ccc; margin: 24px 0; padding: 16px }
h2 { margin: 0 0 8px; font-size: 18px }
figure { display: inline-block; margin: 0 12px 8px 0; vertical-align: top }
figcaption { font-size: 12px; color: #555 }
.edge { image-rendering: pixelated; background-repeat: no-repeat; border: 1px solid #ccc }
.accepted { color: #06701a } .refused, .fail { color: #b00020 } .warn { color: #9a6200 } .not_assessed { color: #777 }
table { border-collapse: collapse; font-size: 12px } td, th { padding: 1px 10px 1px 0; text-align: left }
";

/// The whole page, the accepted pictures first.
pub fn html(entries: &[Entry], spec: &Specification) -> String {
    let accepted = entries.iter().filter(|entry| entry.is_accepted());
    let refused = entries.iter().filter(|entry| !entry.is_accepted());
    let articles: String = accepted.chain(refused).map(article).collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Gallery: {name}</title>\
         <style>{STYLE}</style></head><body>\n<h1>Gallery: {name}</h1>\n{}{articles}</body></html>\n",
        summary(entries),
        name = escaped(&spec.name),
    )
}

/// How many, and what stopped the others: the first reason of each.
fn summary(entries: &[Entry]) -> String {
    let mut stopped: BTreeMap<&'static str, Vec<&str>> = BTreeMap::new();
    for entry in entries {
        if let Err(refusal) = &entry.result {
            stopped.entry(refusal.code()).or_default().push(&entry.name);
        }
    }
    let accepted = entries.iter().filter(|entry| entry.is_accepted()).count();
    let rows: String = stopped
        .iter()
        .map(|(code, names)| {
            let links: Vec<_> = names.iter().map(|name| link(name)).collect();
            format!("<tr><td>{code}</td><td>{}</td><td>{}</td></tr>\n", names.len(), links.join(", "))
        })
        .collect();
    format!(
        "<p>{accepted} of {} pictures accepted. The others by first reason:</p><table>{rows}</table>\n",
        entries.len()
    )
}

fn link(name: &str) -> String {
    format!("<a href=\"#{0}\">{0}</a>", escaped(name))
}

fn article(entry: &Entry) -> String {
    let name = escaped(&entry.name);
    let (class, verdict) =
        if entry.is_accepted() { ("accepted", "accepted") } else { ("refused", "refused") };
    let mut html =
        format!("<article id=\"{name}\"><h2>{name}: <span class=\"{class}\">{verdict}</span></h2>\n");
    let source = if entry.source { picture(&name, "source.jpg", "source") } else { String::new() };
    html += &match &entry.result {
        Ok(accepted) => format!("{source}{}", photo(&name, accepted)),
        Err(refusal) => format!("{}{source}", reasons(refusal)),
    };
    html + &measures(entry.measures()) + "</article>\n"
}

fn reasons(refusal: &Refusal) -> String {
    let sentences = refusal.sentences();
    let rows: String = sentences
        .iter()
        .map(|(code, sentence)| format!("<li class=\"refused\"><b>{code}</b> {}</li>", escaped(sentence)))
        .collect();
    format!("<ol>{rows}</ol>\n")
}

fn photo(name: &str, accepted: &Accepted) -> String {
    let made_with = matte_source(accepted.source);
    let caption = format!("cut-out, backdrop {made_with}, confidence {:.2}", accepted.confidence);
    let mut html = picture(name, "matte.png", &caption);
    html += &picture(name, "photo.jpg", &format!("delivered, {} bytes", accepted.bytes));
    html += &edges(name, "photo.jpg", accepted);
    if accepted.ideal {
        html += &edges(name, "ideal.png", accepted);
    }
    if let Some(errors) = &accepted.errors {
        let (mean, soft) = (1e3 * errors.mean, 1e3 * errors.soft);
        let _infallible = writeln!(
            html,
            "<p>Alpha off the truth by {mean:.2} / 1000, in its soft part {soft:.0} / 1000.</p>"
        );
    }
    html
}

fn picture(name: &str, ending: &str, caption: &str) -> String {
    format!("<figure><img src=\"{name}_{ending}\" alt=\"\"><figcaption>{caption}</figcaption></figure>\n")
}

/// The squares of one picture, enlarged.
fn edges(name: &str, ending: &str, accepted: &Accepted) -> String {
    let what = if ending == "photo.jpg" { "delivered" } else { "ideal" };
    let squares: String =
        accepted.squares.iter().map(|square| edge(name, ending, what, square, accepted.size)).collect();
    format!("<div>{squares}</div>\n")
}

fn edge(name: &str, ending: &str, what: &str, square: &Square, (width, height): (u32, u32)) -> String {
    let (side, x, y) = (SIDE * ENLARGED, square.x * ENLARGED, square.y * ENLARGED);
    let (width, height) = (width as usize * ENLARGED, height as usize * ENLARGED);
    format!(
        "<figure><div class=\"edge\" style=\"width: {side}px; height: {side}px; background-image: \
         url('{name}_{ending}'); background-size: {width}px {height}px; background-position: -{x}px -{y}px\">\
         </div><figcaption>{}, {what}, 400 % at {}, {}</figcaption></figure>\n",
        square.region, square.x, square.y
    )
}

/// What did not pass is open to see; the rest is folded.
fn measures(all: &[Measurement]) -> String {
    let (good, bad): (Vec<_>, Vec<_>) = all.iter().partition(|m| m.verdict == Verdict::Pass);
    let mut html = String::new();
    if !bad.is_empty() {
        html += &table(&bad);
    }
    if !good.is_empty() {
        html += &format!(
            "<details><summary>{} measures passed</summary>{}</details>\n",
            good.len(),
            table(&good)
        );
    }
    html
}

fn table(measures: &[&Measurement]) -> String {
    let rows: String = measures.iter().map(|m| row(m)).collect();
    format!(
        "<table><tr><th>measure</th><th>value</th><th>threshold</th><th>score</th><th>verdict</th></tr>{rows}</table>\n"
    )
}

fn row(m: &Measurement) -> String {
    let number = |v: f64| if v.is_finite() { format!("{:.3}", v) } else { "&ndash;".to_owned() };
    let window = m.window.map_or(String::new(), |(low, high)| format!("{} to {}", number(low), number(high)));
    let score = m.score.map_or("&ndash;".to_owned(), |score| score.to_string());
    let verdict = verdict(m.verdict);
    format!(
        "<tr class=\"{verdict}\"><td>{}</td><td>{} {}</td><td>{window}</td><td>{score}</td><td>{verdict}</td></tr>\n",
        m.measure.standard_name(),
        number(m.value),
        m.unit(),
    )
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&#39;",
            _ => out.push(c),
        }
    }
    out
}
