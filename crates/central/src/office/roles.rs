//! Who may do what.

/// A user's role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Looks.
    Viewer,
    /// Approves, rejects, exports.
    Reviewer,
    /// Refunds, and settles differences with the bills.
    Cashier,
    /// All of it, users and booths.
    Admin,
}

/// Something that not everybody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum May {
    /// Decide on photos.
    Decide,
    /// See whole document numbers, and take data out.
    Export,
    /// Send money back.
    Money,
    /// Change users, booths and what booths are told.
    Administer,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Reviewer, Self::Cashier, Self::Admin];

    /// The role with this code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// As it stands in the table.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Reviewer => "reviewer",
            Self::Cashier => "cashier",
            Self::Admin => "admin",
        }
    }

    /// What people call it.
    pub(super) const fn title(self, w: &'static super::words::Words) -> &'static str {
        match self {
            Self::Viewer => w.role_viewer,
            Self::Reviewer => w.role_reviewer,
            Self::Cashier => w.role_cashier,
            Self::Admin => w.role_admin,
        }
    }

    /// Whether this role may.
    pub(super) const fn may(self, what: May) -> bool {
        match (self, what) {
            (Self::Admin, _) | (Self::Reviewer, May::Decide | May::Export) | (Self::Cashier, May::Money) => {
                true
            }
            (Self::Viewer | Self::Reviewer | Self::Cashier, _) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_its_own_work_alone() {
        let all = [May::Decide, May::Export, May::Money, May::Administer];
        let granted = |role: Role| all.map(|what| role.may(what));
        assert_eq!(granted(Role::Viewer), [false; 4]);
        assert_eq!(granted(Role::Reviewer), [true, true, false, false]);
        assert_eq!(granted(Role::Cashier), [false, false, true, false]);
        assert_eq!(granted(Role::Admin), [true; 4]);
        assert!(Role::ALL.iter().all(|role| Role::parse(role.code()) == Some(*role)));
        assert_eq!(Role::parse("root"), None);
    }
}
