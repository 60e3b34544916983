//! What every page has around it.

use super::refusal::Refusal;
use super::roles::May;
use super::session::{Staff, Visit};
use super::words::{Language, Words};
use askama::Template;
use axum::response::Html;

/// The frame of a page: language, menu, and who is logged in.
#[derive(Debug)]
pub(super) struct Frame {
    /// The sentences.
    pub w: &'static Words,
    /// Their language.
    pub language: Language,
    /// The page's title.
    pub title: String,
    /// Where the language's switch leads back to.
    pub here: String,
    /// Who is logged in.
    pub user: Option<User>,
    /// The token of this session's forms; empty where nobody is logged in.
    pub csrf: String,
    /// A sentence on what was just done; mostly empty.
    pub said: String,
}

/// Who is logged in, as the menu shows it.
#[derive(Debug)]
pub(super) struct User {
    /// The name.
    pub name: String,
    /// The role's title.
    pub role: &'static str,
    /// The campus's name.
    pub campus: String,
    /// The menu.
    pub menu: Vec<Entry>,
}

/// An entry of the menu.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its words.
    pub title: &'static str,
    /// Where it leads.
    pub way: &'static str,
    /// Whether the page is there.
    pub is_here: bool,
}

impl Frame {
    /// The frame of a page for somebody who has logged in.
    pub(super) fn of(staff: &Staff, title: impl Into<String>) -> Self {
        let language = staff.visit.language;
        let w = language.words();
        let user = User {
            name: staff.name.clone(),
            role: staff.role.title(w),
            campus: language.choose(&staff.campus_zh, &staff.campus_en).to_owned(),
            menu: menu(staff, w),
        };
        Self { user: Some(user), csrf: staff.csrf.clone(), ..Self::outside(&staff.visit, title) }
    }

    /// The frame of a page before the log-in.
    pub(super) fn outside(visit: &Visit, title: impl Into<String>) -> Self {
        let (language, here) = (visit.language, visit.here.clone());
        let (user, csrf, said) = (None, String::new(), String::new());
        Self { w: language.words(), language, title: title.into(), here, user, csrf, said }
    }

    /// The same, with a sentence on what was just done.
    pub(super) fn saying(mut self, said: impl Into<String>) -> Self {
        self.said = said.into();
        self
    }

    /// What an action of the audit is called.
    pub(super) fn deed<'a>(&self, action: &'a str) -> &'a str {
        super::audit::title(self.w, action).unwrap_or(action)
    }

    /// The address for the language's switch.
    pub(super) fn switch(&self) -> String {
        let back = super::fields::escape(&self.here);
        format!("/office/language/{}?back={back}", self.language.other().code())
    }
}

fn menu(staff: &Staff, w: &'static Words) -> Vec<Entry> {
    let always = [
        (w.collections, "/office/collections"),
        (w.review, "/office/review"),
        (w.missing, "/office/missing"),
        (w.booths, "/office/booths"),
        (w.payments, "/office/payments"),
    ];
    let export = staff.role.may(May::Export).then_some((w.export, "/office/export"));
    let administer = staff.role.may(May::Administer);
    let admin = [
        (w.notices, "/office/notices"),
        (w.settings, "/office/settings"),
        (w.users, "/office/users"),
        (w.audit, "/office/audit"),
    ];
    let entries = always.into_iter().chain(export).chain(admin.into_iter().filter(|_| administer));
    let is_here = |way: &str| staff.visit.here.starts_with(way);
    entries.map(|(title, way)| Entry { title, way, is_here: is_here(way) }).collect()
}

/// A page, written.
pub(super) fn html(template: &impl Template) -> Result<Html<String>, Refusal> {
    Ok(Html(template.render()?))
}

#[derive(Template)]
#[template(path = "message.html")]
struct Message {
    f: Frame,
    lead: &'static str,
}

/// A page with a title and a sentence.
pub(super) fn message(
    language: Language,
    title: &'static str,
    lead: &'static str,
) -> Result<Html<String>, Refusal> {
    let visit = Visit { language, here: "/office".to_owned() };
    html(&Message { f: Frame::outside(&visit, title), lead })
}

/// An amount in yuan, `12.50`.
pub(super) fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fen_are_shown_as_yuan() {
        for (fen, shown) in [(0, "0.00"), (5, "0.05"), (1250, "12.50"), (-199, "-1.99")] {
            assert_eq!(yuan(fen), shown);
        }
    }
}
