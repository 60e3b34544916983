//! Starting the program, and what it said.

use booth::LEDGER_FILE;
use domain::{BoothNumber, DocumentKind, DocumentNumber, PersonId, PersonName, UtcMillis};
use ledger::{NewPerson, Opening};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A run of the program that has ended.
pub struct Run {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self {
            status: output.status.code().expect("the program ends by itself"),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// Each line of the output as JSON.
    pub fn json(&self) -> Vec<Value> {
        let parse = |line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e} in {line}"));
        self.stdout.lines().map(parse).collect()
    }
}

/// A folder of the test's own, in which the program finds no data of the machine's booth.
pub struct Place(TempDir);

impl Place {
    pub fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The ledger of this folder's booth, to be opened for writing.
    pub fn opening(&self) -> Opening {
        let data = self.path("data");
        std::fs::create_dir_all(&data).unwrap();
        Opening {
            path: data.join(LEDGER_FILE),
            key: booth::ledger_key(&data).unwrap(),
            booth: BoothNumber::new(1).unwrap(),
            largest_bytes: None,
        }
    }

    /// Writes a file into the folder.
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The program with these arguments, the repository's assets and this folder's data.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_boothctl"));
        command
            .args(arguments)
            .env("CAMPUS_BOOTH_ASSETS", assets())
            .env("CAMPUS_BOOTH_DATA", self.path("data"));
        command.env_remove("CREDENTIALS_DIRECTORY").env_remove("RUST_LOG");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        Run::of(&self.command(arguments).output().unwrap())
    }

    /// Runs with another environment variable.
    pub fn run_with(&self, (name, value): (&str, &str), arguments: &[&str]) -> Run {
        Run::of(&self.command(arguments).env(name, value).output().unwrap())
    }

    /// Runs with something on standard input.
    pub fn run_fed(&self, input: &str, arguments: &[&str]) -> Run {
        let file = self.file("standard-input", input.as_bytes());
        let stdin = std::fs::File::open(file).unwrap();
        Run::of(&self.command(arguments).stdin(stdin).output().unwrap())
    }
}

/// Somebody invented, with the passport E12345678.
pub fn somebody(at: UtcMillis) -> NewPerson {
    NewPerson {
        id: PersonId::new(at, [4; 10]),
        document: DocumentNumber::parse(DocumentKind::Passport, "E12345678").unwrap(),
        name: PersonName::parse("张晓明").unwrap(),
        phone: None,
        student_number: None,
        account: None,
    }
}

pub fn assets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets").canonicalize().unwrap()
}

/// A picture of the sample faces.
pub fn face(name: &str) -> PathBuf {
    assets().join("sample/faces").join(name)
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
