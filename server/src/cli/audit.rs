use kith_shared::ids::CircleId;
use kith_shared::time::TimestampMs;

use crate::audit::{self, Event, Head, Record};
use crate::store::Store;

use super::print::line;
use super::{AuditCommand, CliError, date};

pub(super) async fn run(store: &dyn Store, command: AuditCommand) -> Result<(), CliError> {
    match command {
        AuditCommand::Verify { expect } => verify(store, expect).await,
        AuditCommand::List { circle, since } => list(store, circle, since).await,
    }
}

async fn verify(store: &dyn Store, expect: Option<Head>) -> Result<(), CliError> {
    let report = audit::verify(store, expect.as_ref()).await?;
    if let Some(broken) = report.broken {
        return Err(CliError::Audit(broken));
    }
    line(format_args!("{} records, each follows the one before it. Note the head elsewhere:", report.head.count))?;
    Ok(line(report.head)?)
}

async fn list(store: &dyn Store, circle: Option<CircleId>, since: Option<TimestampMs>) -> Result<(), CliError> {
    let mut failed = Ok(());
    let mut take = |position, bytes: &[u8]| {
        failed = print(position, bytes, circle, since);
        failed.is_ok()
    };
    audit::each(store, &mut take).await?;
    failed
}

fn print(position: u64, bytes: &[u8], circle: Option<CircleId>, since: Option<TimestampMs>) -> Result<(), CliError> {
    let decoded = Record::decode(bytes).map_err(|error| CliError::Audit(format!("record {position}: {error}")))?;
    let Event { time, actor, action, circle: of, subject } = decoded.event;
    if since.is_some_and(|since| time < since) || (circle.is_some() && circle != of) {
        return Ok(());
    }
    let of = of.map_or_else(|| "-".to_owned(), |circle| circle.to_string());
    let subject: String = subject.iter().map(|byte| format!("{byte:02x}")).collect();
    let (time, action) = (date::print(time), action.name());
    Ok(line(format_args!("{position:>8}  {time}  {action:<15}  {actor}  {of}  {subject}"))?)
}
