//! Wrong passwords and codes: a try is counted before it is looked at, in one statement, so that many at once are no more tries.

use crate::Failure;
use crate::clock::now_ms;
use crate::settings::OfficeSettings;
use tokio_postgres::GenericClient;
use uuid::Uuid;

/// A try that was counted, and whether it is the last one before the lock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Try {
    user: Uuid,
    locked: bool,
}

impl Try {
    /// Counts a try; nothing where the user is locked or disabled.
    pub(super) async fn begin(
        client: &impl GenericClient,
        user: Uuid,
        settings: OfficeSettings,
    ) -> Result<Option<Self>, Failure> {
        let now = now_ms();
        let until = now + i64::from(settings.lock_minutes) * 60_000;
        let sql = "UPDATE users u SET wrong_tries = n.tries, locked_until_ms = CASE WHEN n.tries >= $3 THEN $4::bigint END
                   FROM (SELECT id, CASE WHEN locked_until_ms IS NULL THEN wrong_tries + 1 ELSE 1 END AS tries
                         FROM users WHERE id = $1 FOR UPDATE) n
                   WHERE u.id = n.id AND u.disabled_ms IS NULL AND (u.locked_until_ms IS NULL OR u.locked_until_ms <= $2)
                   RETURNING u.locked_until_ms IS NOT NULL AS locked";
        let row = client.query_opt(sql, &[&user, &now, &i32::from(settings.tries), &until]).await?;
        row.map(|row| Ok(Self { user, locked: row.try_get("locked")? })).transpose()
    }

    /// Whether it locked the user, if it was wrong.
    pub(super) const fn locks(self) -> bool {
        self.locked
    }

    /// It was right, but another one is to follow: this one counts no more, those before still do.
    pub(super) async fn give_back(self, client: &impl GenericClient) -> Result<(), Failure> {
        let sql = "UPDATE users SET wrong_tries = greatest(wrong_tries - 1, 0),
                   locked_until_ms = CASE WHEN $2 THEN NULL ELSE locked_until_ms END WHERE id = $1";
        client.execute(sql, &[&self.user, &self.locked]).await?;
        Ok(())
    }
}
