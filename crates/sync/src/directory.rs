//! The campus's directory, page by page behind a cursor.

use crate::client::Client;
use crate::fault::{Fault, blocking};
use crate::store::{Store, Taken};
use protocol::directory::LARGEST_PAGE;
use std::sync::Arc;

/// How far the directory is taken, beside the store's cursor.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    /// Central's end, as it last said.
    end: Option<u64>,
    /// Central has less than it had, so everything is pulled once more, from here.
    from: Option<u64>,
}

/// What came of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pulled {
    /// It was the last one.
    All,
    /// There is another one.
    More,
    /// The booth can't take it now.
    Later,
}

impl Directory {
    /// Whether there is something to pull, where the store's cursor stands at `cursor` and central's directory ends at `end`.
    ///
    /// An end that went below the cursor tells of a central that was restored from a backup: its new values would stand at
    /// positions that the booth has passed. Then everything is pulled once more; a value may come twice.
    pub(crate) fn heard(&mut self, end: u64, cursor: u64) -> bool {
        let fell = self.end.is_none_or(|before| end < before);
        if end < cursor && fell {
            self.from = Some(0);
        }
        self.end = Some(end);
        self.from.is_some() || cursor < end
    }

    /// Pulls a page.
    pub(crate) async fn pull(&mut self, client: &Client, store: &Arc<dyn Store>) -> Result<Pulled, Fault> {
        let after = match self.from {
            Some(from) => from,
            None => blocking(store, |store| store.cursor()).await?,
        };
        let page = client.directory(after, LARGEST_PAGE).await?;
        let (cursor, more) = (page.cursor, page.more);
        if blocking(store, move |store| store.take(&page)).await? == Taken::Later {
            return Ok(Pulled::Later);
        }
        self.from = self.from.filter(|_| more).map(|_| cursor);
        Ok(if more { Pulled::More } else { Pulled::All })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_pulled_once_more_where_central_lost_its_end() {
        let mut directory = Directory::default();
        assert!(!directory.heard(9, 9));
        assert!(directory.heard(10, 9));
        assert!(directory.heard(4, 10));
        assert_eq!(directory.from, Some(0));
    }

    #[test]
    fn a_cursor_that_stands_above_the_end_is_no_reason_to_pull_for_ever() {
        let mut directory = Directory::default();
        assert!(directory.heard(4, 10));
        directory.from = None;
        assert!(!directory.heard(4, 10));
        assert!(!directory.heard(5, 10));
        assert!(directory.heard(11, 10));
    }
}
