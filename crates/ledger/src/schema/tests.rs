use super::*;
use domain::document::{DocumentKind, Sex};
use domain::{order, payment, photo, print_job, programme};

fn migrated() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    migrate(&mut connection).unwrap();
    connection
}

/// Every object's SQL, tables first, each after its name.
fn sql_of(connection: &Connection) -> Vec<String> {
    let mut statement = connection
        .prepare(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'refinery%'
             ORDER BY type = 'table' DESC, tbl_name, name",
        )
        .unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
}

#[test]
fn the_whole_schema() {
    insta::assert_snapshot!(sql_of(&migrated()).join(";\n\n"));
}

#[test]
fn every_table_is_strict() {
    let connection = migrated();
    let lax: i64 = connection
        .query_row(
            "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0
             AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'refinery%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(lax, 0, "a lax table takes a text for a number");
}

/// The codes that a column's CHECK lists, read from the schema itself.
fn listed(sql: &[String], table: &str, column: &str) -> Vec<String> {
    let table = sql.iter().find(|sql| sql.starts_with(&format!("CREATE TABLE {table} "))).unwrap();
    let start = table.find(&format!("CHECK ({column} IN (")).unwrap();
    let list = &table[start..start + table[start..].find("))").unwrap()];
    list.split('\'').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_checks_list_exactly_the_codes_of_the_domain() {
    let sql = sql_of(&migrated());
    let codes = |all: Vec<&str>| all.into_iter().map(str::to_owned).collect::<Vec<_>>();
    macro_rules! all {
        ($kind:ty) => {
            codes(<$kind>::ALL.iter().map(|value| value.as_str()).collect())
        };
    }
    for (table, column, expect) in [
        ("programmes", "kind", all!(programme::Kind)),
        ("programmes", "pay_when", all!(programme::PayWhen)),
        ("programmes", "approval", all!(programme::Approval)),
        ("people", "document_kind", all!(DocumentKind)),
        ("orders", "state", all!(order::State)),
        ("order_lines", "item", all!(crate::Item)),
        ("payments", "means", all!(payment::Means)),
        ("payments", "state", all!(payment::State)),
        ("photos", "state", all!(photo::State)),
        ("print_jobs", "kind", all!(print_job::Kind)),
        ("print_jobs", "state", all!(print_job::State)),
        ("outbox", "state", all!(crate::OutboxState)),
        ("directory", "kind", all!(crate::ValueKind)),
        ("rosters", "kind", all!(programme::Kind)),
        ("rosters", "document_kind", all!(DocumentKind)),
        ("deliveries", "way", all!(programme::DeliveryWay)),
        ("accounts", "gender", codes(vec![Sex::Male.as_str(), Sex::Female.as_str()])),
    ] {
        let (mut found, mut expect) = (listed(&sql, table, column), expect);
        found.sort();
        expect.sort();
        assert_eq!(found, expect, "{table}.{column} lists what the domain knows, no more and no less");
    }
}

#[test]
fn personal_columns_stand_where_they_are_purged() {
    let connection = migrated();
    let mut statement = connection
        .prepare(
            "SELECT t.name || '.' || c.name FROM pragma_table_list t, pragma_table_info(t.name) c
             WHERE t.schema = 'main' AND t.name NOT IN ('people', 'accounts', 'rosters', 'deliveries')
             AND (c.name IN ('name', 'phone', 'student_number', 'email', 'gender', 'recipient', 'street')
                 OR c.name LIKE 'document_%')
             AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE 'refinery%'",
        )
        .unwrap();
    let strays: rusqlite::Result<Vec<String>> = statement.query_map([], |row| row.get(0)).unwrap().collect();
    assert_eq!(
        strays.unwrap(),
        Vec::<String>::new(),
        "these tables are emptied to forget a person, and the roster is the school's"
    );
}

#[test]
fn a_schema_from_the_future_is_refused() {
    let mut connection = migrated();
    connection
        .execute("INSERT INTO refinery_schema_history VALUES (99, 'later', '2030-01-01T00:00:00Z', '1')", [])
        .unwrap();
    let refused = migrate(&mut connection);
    assert!(matches!(refused, Err(LedgerError::NewerSchema { found: 99, .. })), "{refused:?}");
    assert!(matches!(require(&connection), Err(LedgerError::NewerSchema { .. })), "readers refuse it too");
}
