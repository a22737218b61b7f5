//! The links that a server prints when it starts.

use std::sync::Arc;

use kith_shared::client::{Link, link_text};
use kith_shared::ids::CircleId;
use kith_shared::sync::CircleRecord;
use kith_shared::sync::statements::HubKeys;
use kith_shared::trust::{InviteSecret, Role, SigningSecret};

use crate::admin::invite::{DAY_MS, InviteTerms, Issuer};
use crate::admin::{AdminError, invite};
use crate::clock::{Clock, SystemClock};
use crate::keys::{KeyError, Keys};
use crate::organisation;
use crate::serve::Server;
use crate::store::Store;

use super::CliError;
use super::print::line;

/// Days that the first links are good for.
const FIRST_DAYS: u64 = 30;

/// Prints links to a server's circles.
pub(super) struct Printer<'a> {
    store: Arc<dyn Store>,
    keys: &'a HubKeys,
    operator: &'a Keys,
    origin: &'a str,
}

/// In whose name links are made.
struct Office<'a> {
    root: SigningSecret,
    /// Where the secrets of links that stay the same come from.
    seed: [u8; 32],
    issuer: Issuer<'a>,
}

impl<'a> Printer<'a> {
    pub(super) fn of(server: &'a Server) -> Self {
        let app = server.app();
        let store = Arc::clone(&app.store);
        Self { store, keys: &app.keys, operator: server.operator(), origin: server.origin() }
    }

    /// Links to a circle, made by the root. `members`: for how many devices a second one is good.
    pub(super) async fn first(&self, id: CircleId, record: &CircleRecord, members: u32) -> Result<(), CliError> {
        let root = match organisation::root(self.operator) {
            Ok(root) => root,
            Err(error @ KeyError::NoRoot { .. }) => {
                return Ok(line(format_args!("No link is printed: {error}."))?);
            }
            Err(error) => return Err(error.into()),
        };
        let office = Office { seed: self.operator.root()?.0, issuer: Issuer::root(&root), root: root.clone() };
        self.print_facilitator(&office, id, &record.label).await?;
        if members > 0 {
            self.print_members(&office, id, members).await?;
        } else {
            line(
                "  members:                  invited from the facilitator's phone, so that they read what was before",
            )?;
        }
        self.print_end("`kith-server invite` makes more, while the server is stopped.")
    }

    async fn print_facilitator(&self, office: &Office<'_>, id: CircleId, name: &str) -> Result<(), CliError> {
        let link = self.link(office, id, Role::Facilitator, 1, name).await?;
        line("")?;
        let circle = if name.is_empty() { "A circle".to_owned() } else { format!("The circle \"{name}\"") };
        line(format_args!("{circle} is waiting. Open a link on a phone or in a browser:"))?;
        Ok(line(format_args!("  facilitator, one device:  {link}"))?)
    }

    async fn print_members(&self, office: &Office<'_>, id: CircleId, count: u32) -> Result<(), CliError> {
        let link = self.link(office, id, Role::Member, count, "").await?;
        Ok(line(format_args!("  members, {count} devices:     {link}"))?)
    }

    fn print_end(&self, hint: &str) -> Result<(), CliError> {
        line(format_args!("They are good for {FIRST_DAYS} days. {hint}"))?;
        Ok(line("")?)
    }

    async fn link(
        &self,
        office: &Office<'_>,
        id: CircleId,
        role: Role,
        uses: u32,
        name: &str,
    ) -> Result<String, AdminError> {
        let now = SystemClock::new().now();
        let terms = InviteTerms { role, uses, expires: now.plus_ms(FIRST_DAYS * DAY_MS) };
        let store = self.store.as_ref();
        let secret = invite::lasting(store, self.keys, &office.issuer, id, &office.seed, terms, now).await?;
        let commission = (role == Role::Facilitator).then(|| invite::commission(&office.root, &secret, now));
        Ok(link_text(self.origin, &secret, &id, name, commission.as_ref()))
    }
}

/// Circles that the server has a name of: not those that phones founded.
pub(super) fn named(circles: &[(CircleId, CircleRecord)]) -> impl Iterator<Item = &(CircleId, CircleRecord)> {
    circles.iter().filter(|(_, record)| !record.label.is_empty())
}

/// The circle and the secret of a link as it was printed.
pub(super) fn parse(link: &str) -> Result<(CircleId, InviteSecret), String> {
    let found = Link::find(link);
    let found = found.and_then(|link| Some((link.circle?, link.secret)));
    found.ok_or_else(|| "this is no link of a circle: give all of it, in quotes".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_link_is_read_back() {
        let (circle, secret) = (CircleId([2; 16]), InviteSecret([1; 16]));
        let link = link_text("https://kith.example", &secret, &circle, "Our circle", None);
        let read = parse(&link).map(|(circle, secret)| (circle, secret.0));
        assert_eq!(read, Ok((circle, secret.0)));
        assert!(parse("https://kith.example/").is_err() && parse("t=01&c=02").is_err());
    }
}
