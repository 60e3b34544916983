//! What the columns of a school's list mean, by the names that schools give them.

use super::{Cell, RosterError};

/// A column that means something here. Others are passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RosterColumn {
    /// The name; needed.
    Name,
    /// The kind of document; where there is none, every document is a resident's card.
    DocumentKind,
    /// The document's number; needed.
    Document,
    /// The student number; needed.
    StudentNumber,
    /// The college.
    College,
    /// The major.
    Major,
    /// The class.
    Class,
    /// The year of entering or graduating.
    Year,
}

impl RosterColumn {
    const ALL: [Self; 8] = [
        Self::Name,
        Self::DocumentKind,
        Self::Document,
        Self::StudentNumber,
        Self::College,
        Self::Major,
        Self::Class,
        Self::Year,
    ];

    /// The names that it goes by, simplified as by [`simplified`]; the first is the one that messages use.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Name => &["姓名", "学生姓名", "名字", "name", "fullname", "studentname"],
            Self::DocumentKind => &[
                "证件类型",
                "证件种类",
                "证件类别",
                "身份证件类型",
                "documenttype",
                "documentkind",
                "idtype",
            ],
            Self::Document => &[
                "证件号码",
                "证件号",
                "身份证号",
                "身份证号码",
                "身份证",
                "居民身份证号",
                "居民身份证号码",
                "身份证件号",
                "身份证件号码",
                "documentnumber",
                "documentno",
                "idnumber",
                "idno",
                "idcard",
            ],
            Self::StudentNumber => &["学号", "学生学号", "studentnumber", "studentno", "studentid"],
            Self::College => &[
                "院系",
                "学院",
                "院系名称",
                "学院名称",
                "所在学院",
                "所在院系",
                "系",
                "college",
                "school",
                "department",
                "faculty",
            ],
            Self::Major => &["专业", "专业名称", "所学专业", "major", "programme", "program"],
            Self::Class => &["班级", "班级名称", "班", "所在班级", "class", "classname"],
            Self::Year => &[
                "毕业年份",
                "入学年份",
                "年级",
                "毕业年",
                "入学年",
                "届",
                "毕业届别",
                "届别",
                "year",
                "graduationyear",
                "entryyear",
                "enrolmentyear",
                "enrollmentyear",
                "grade",
            ],
        }
    }

    fn of(cell: &Cell) -> Option<Self> {
        let Cell::Text(text) = cell else { return None };
        let name = simplified(text);
        Self::ALL.into_iter().find(|column| column.names().contains(&name.as_str()))
    }
}

impl std::fmt::Display for RosterColumn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.names()[0])
    }
}

/// A column's name without marks, spaces, case, and what stands in brackets behind it, such as "(必填)".
pub(super) fn simplified(text: &str) -> String {
    let head = text.split(['(', '（', '[', '【']).next().unwrap_or_default();
    head.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a row names the columns.
pub(super) fn names_columns(cells: &[Cell]) -> bool {
    let has = |wanted| cells.iter().any(|cell| RosterColumn::of(cell) == Some(wanted));
    has(RosterColumn::Name) && has(RosterColumn::Document)
}

/// Where each column stands.
pub(super) struct Columns(Vec<Option<RosterColumn>>);

impl Columns {
    /// Reads the row that names them.
    pub(super) fn of(cells: &[Cell]) -> Result<Self, RosterError> {
        let columns: Vec<_> = cells.iter().map(RosterColumn::of).collect();
        for column in RosterColumn::ALL {
            if columns.iter().filter(|found| **found == Some(column)).count() > 1 {
                return Err(RosterError::DoubledColumn(column));
            }
        }
        for needed in [RosterColumn::Name, RosterColumn::Document, RosterColumn::StudentNumber] {
            if !columns.contains(&Some(needed)) {
                return Err(RosterError::MissingColumn(needed));
            }
        }
        Ok(Self(columns))
    }

    /// The cell of a row in this column.
    pub(super) fn cell<'a>(&self, cells: &'a [Cell], column: RosterColumn) -> &'a Cell {
        let at = self.0.iter().position(|found| *found == Some(column));
        at.and_then(|at| cells.get(at)).unwrap_or(&Cell::Empty)
    }
}
