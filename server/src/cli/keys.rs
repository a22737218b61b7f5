//! The commands around keys: made, replaced, and a circle shredded by dropping its own.

use kith_shared::ids::CircleId;

use crate::admin::{AdminError, rotate, shred};
use crate::audit::Actor;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::erase;
use crate::keys::ROOT_FILE;
use crate::open::Opened;
use crate::store::sealed::Scope;
use crate::store::{Sealed, SledStore};

use super::print::line;
use super::{CliError, KeysCommand};

/// Says what is where, and of what a copy must be kept.
pub(super) fn init(config: &Config, opened: &Opened) -> Result<(), CliError> {
    let id = opened.keys.operators().first().map(|key| key.id().to_string()).unwrap_or_default();
    line(format_args!("data:            {}", config.data.display()))?;
    line(format_args!("operator's key:  {} ({id})", opened.keys.place()))?;
    match opened.keys.root() {
        Ok(_) => line(format_args!("root key:        {}", config.keys.join(ROOT_FILE).display()))?,
        Err(error) => line(format_args!("root key:        not here. {error}"))?,
    }
    line("")?;
    line(
        "Keep a copy of both keys, under their names, apart from the data and its backups: without the operator's key neither can be",
    )?;
    line("read again, by anybody. The root key is needed by commands alone and is best kept off this machine.")?;
    Ok(())
}

/// What to say when keys were made along the way.
pub(super) fn print_new(folder: &std::path::Path) -> Result<(), CliError> {
    let folder = folder.display();
    Ok(line(format_args!("New keys are in {folder} (operator-….key, {ROOT_FILE}): keep a copy of them elsewhere."))?)
}

pub(super) async fn run(mut opened: Opened, command: KeysCommand) -> Result<(), CliError> {
    let now = SystemClock::new().now();
    let store = opened.store;
    match command {
        KeysCommand::Rotate => {
            let id = match opened.rotation_ended {
                true => {
                    line("A rotation that was stopped has come to its end; no other was begun.")?;
                    store.operator()
                }
                false => rotate::operator(store.as_ref(), &mut opened.keys, now).await?,
            };
            line(format_args!("every data key is under the operator's key {id} now, in {}", opened.keys.place()))?;
            line("Keep a copy of it; backups from before need the old one, and are unreadable once it is gone.")?;
        }
        KeysCommand::RotateData { circle, .. } => {
            let scopes = circle.map_or_else(|| store.scopes(), |circle| vec![Scope::Circle(circle)]);
            for scope in scopes {
                let rows = rotate::data(store.as_ref(), scope, now).await?;
                match (scope, rows) {
                    (Scope::Circle(circle), Some(rows)) => line(format_args!("{circle}: {rows} rows sealed anew"))?,
                    (Scope::Circle(circle), None) => return Err(AdminError::NoCircle(circle).into()),
                    (Scope::Store, rows) => line(format_args!("the store: {} rows", rows.unwrap_or_default()))?,
                }
            }
        }
    }
    erase_now(&store).await
}

pub(super) async fn shred(store: &Sealed<SledStore>, circle: CircleId, yes: bool) -> Result<(), CliError> {
    if !yes {
        return Err(CliError::NotSure(circle));
    }
    if !shred::shred(store, circle, SystemClock::new().now()).await? {
        return Err(AdminError::NoCircle(circle).into());
    }
    line(format_args!("{circle}: its key is gone"))?;
    erase_now(store).await?;
    Ok(line(
        "Backups from before still hold it: throw them away, or rotate the operator's key and destroy the old one.",
    )?)
}

pub(super) async fn erase_now(store: &Sealed<SledStore>) -> Result<(), CliError> {
    let report = erase::run(store, Actor::Operator, &SystemClock::new()).await?;
    for (part, rewrite) in &report.rewrites {
        let (rows, before, after) = (rewrite.rows, rewrite.bytes_before, rewrite.bytes_after);
        line(format_args!("{part:?} written anew: {rows} rows, {before} bytes before, {after} after"))?;
    }
    Ok(line(match report.rewrites.is_empty() {
        true => "nothing that was erased is on the disk",
        false => "what was erased is gone from the disk",
    })?)
}
