//! The campus of a load: made, refused where it is anybody else's, filled with booths, and removed with all that is in it.

use super::booth::Booth;
use super::connection::Server;
use super::invent::Draw;
use super::{LoadError, Options};
use crate::{Central, campuses, devices};
use deadpool_postgres::Client;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use protocol::directory::LARGEST_PAGE;
use protocol::enrolment::{Enrol, Enrolled};
use protocol::{Digest, Key};
use std::time::Duration;
use uuid::Uuid;

/// How the codes of such campuses begin.
const PREFIX: &str = "load-";
const NAMES: (&str, &str) = ("负载测试", "Load test");
/// How their devices' names begin.
pub(super) const DEVICE: &str = "load ";
/// How many booths enrol at a time.
const ABREAST: usize = 8;
/// How long a booth waits that the server puts off.
const LATER: Duration = Duration::from_secs(2);
/// Everything that may stand in such a campus; what refers to others first.
const TABLES: [&str; 9] = [
    "events",
    "deletion_requests",
    "collections",
    "payments",
    "orders",
    "blobs",
    "commands",
    "directory",
    "roster",
];

/// A campus that holds nothing but a load.
#[derive(Debug)]
pub(super) struct Ground {
    pub id: Uuid,
    pub code: String,
}

impl Ground {
    /// The campus of this code, made where there is none.
    ///
    /// # Errors
    /// [`LoadError::Foreign`] where it isn't a load's or holds something that a load doesn't make.
    pub async fn prepare(central: &Central, code: &str) -> Result<Self, LoadError> {
        let foreign = || LoadError::Foreign { code: code.to_owned() };
        if !code.starts_with(PREFIX) {
            return Err(foreign());
        }
        let client = central.pool.get().await?;
        let sql = "SELECT name_zh = $2 AND name_en = $3 AND NOT EXISTS (SELECT 1 FROM users u WHERE u.campus_id = c.id)
                   AND NOT EXISTS (SELECT 1 FROM merchants m WHERE m.campus_id = c.id)
                   AND NOT EXISTS (SELECT 1 FROM trades t WHERE t.campus_id = c.id)
                   AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.campus_id = c.id)
                   AND NOT EXISTS (SELECT 1 FROM programmes p WHERE p.campus_id = c.id)
                   AND NOT EXISTS (SELECT 1 FROM devices d WHERE d.campus_id = c.id AND NOT starts_with(d.name, $4))
                   FROM campuses c WHERE code = $1";
        if let Some(row) = client.query_opt(sql, &[&code, &NAMES.0, &NAMES.1, &DEVICE]).await?
            && !row.try_get::<_, bool>(0)?
        {
            return Err(foreign());
        }
        let campus = campuses::add(&**client, code, NAMES.0, NAMES.1).await?;
        Ok(Self { id: campus.id, code: campus.code })
    }

    /// Booths of the campus that have enrolled over the network, one after the other in the order of their number.
    ///
    /// # Errors
    /// [`LoadError::Enrolment`] where the server refuses one.
    pub async fn enrol(
        &self,
        central: &Central,
        server: &Server,
        options: &Options,
    ) -> Result<Vec<Booth>, LoadError> {
        self.revoke(central).await?;
        let cursor = self.cursor(central).await?;
        let one = |number: u16| async move {
            let code = {
                let client = central.pool.get().await?;
                devices::invite(&**client, self.id, &format!("{DEVICE}{number:04}")).await?
            };
            let key = Key(crate::seal::random().map_err(|_| rustls::Error::FailedToGetRandomBytes)?);
            let asked = Enrol {
                code,
                key_sha256: devices::key_hash(&key),
                booth_number: number % 999 + 1,
                software: "load".into(),
            };
            let http = server.client()?;
            let url = server.url(number);
            let enrolled = enrol(&http, &url, &asked).await?;
            let draw = Draw::new(options.seed, u128::from(number));
            Ok(Booth::new(http, url, (enrolled.device_id, &key), cursor, draw))
        };
        stream::iter(1..=options.booths).map(one).buffered(ABREAST).try_collect().await
    }

    /// Where booths begin to read the directory: a page before its end, as those that were away for a while.
    async fn cursor(&self, central: &Central) -> Result<u64, LoadError> {
        let sql = "SELECT directory_end FROM campuses WHERE id = $1";
        let end: i64 = central.pool.get().await?.query_one(sql, &[&self.id]).await?.try_get(0)?;
        Ok(end.unsigned_abs().saturating_sub(u64::from(LARGEST_PAGE)))
    }

    /// Ends the keys of the campus's booths.
    ///
    /// # Errors
    /// The database's.
    pub async fn revoke(&self, central: &Central) -> Result<(), LoadError> {
        let client = central.pool.get().await?;
        let sql = "SELECT name FROM devices WHERE campus_id = $1 AND state <> 'revoked'";
        for row in client.query(sql, &[&self.id]).await? {
            devices::revoke(&**client, self.id, row.try_get(0)?).await?;
        }
        Ok(())
    }

    /// Removes the campus, its photos in the object store of this instance, and all of its rows.
    ///
    /// # Errors
    /// The database's or the object store's; asked again, it goes on.
    pub async fn remove(&self, central: &Central) -> Result<(), LoadError> {
        self.revoke(central).await?;
        let mut client = central.pool.get().await?;
        self.remove_photos(central, &client).await?;
        let tx = client.transaction().await?;
        for table in TABLES {
            tx.execute(&format!("DELETE FROM {table} WHERE campus_id = $1"), &[&self.id]).await?;
        }
        for table in ["device_health", "epochs"] {
            let sql = format!(
                "DELETE FROM {table} WHERE device_id IN (SELECT id FROM devices WHERE campus_id = $1)"
            );
            tx.execute(&sql, &[&self.id]).await?;
        }
        tx.execute("DELETE FROM devices WHERE campus_id = $1", &[&self.id]).await?;
        tx.execute("DELETE FROM campuses WHERE id = $1", &[&self.id]).await?;
        Ok(tx.commit().await?)
    }

    /// Rows of past orders ([`super::fill`]) have no object, and no size.
    async fn remove_photos(&self, central: &Central, client: &Client) -> Result<(), LoadError> {
        let sql = "SELECT sha256 FROM blobs WHERE campus_id = $1 AND bytes > 0";
        let rows = client.query(sql, &[&self.id]).await?;
        let hashes =
            rows.iter().filter_map(|row| <[u8; 32]>::try_from(row.try_get::<_, &[u8]>(0).ok()?).ok());
        let delete =
            async |hash| central.blobs.delete(self.id, &Digest(hash)).await.map_err(crate::Failure::from);
        for hash in hashes {
            delete(hash).await?;
        }
        Ok(())
    }
}

/// A server may put off many strangers at once; then a booth asks again.
async fn enrol(http: &reqwest::Client, url: &str, asked: &Enrol) -> Result<Enrolled, LoadError> {
    let refused = |answer: String| LoadError::Enrolment { answer };
    let body = serde_json::to_vec(asked).map_err(|error| refused(error.to_string()))?;
    for _ in 0..30 {
        let answer = http.post(format!("{url}/v1/enrolment")).body(body.clone()).send().await?;
        let status = answer.status();
        if status.as_u16() == 429 || status.as_u16() == 503 {
            tokio::time::sleep(LATER).await;
            continue;
        }
        if !status.is_success() {
            return Err(refused(status.to_string()));
        }
        return serde_json::from_slice(&answer.bytes().await?).map_err(|error| refused(error.to_string()));
    }
    Err(refused("it puts everybody off".into()))
}
